import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../electron/office/types.ts'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import {
  CITIZEN,
  goTo,
  openPinBox,
  PINS,
  pagesOf,
  receive,
  row,
  said,
  scan,
  sign,
  sitDown,
  submit,
  typePin,
} from '../e2e/support/at-the-desk.ts'
import { Keys } from '../e2e/support/keys.ts'
import { launchDesk, type RunningDesk } from '../e2e/support/launch.ts'
import { setPortalFaults, type TestScanner, testScanner } from '../e2e/support/practice-world.ts'
import { submitted } from '../e2e/support/prepared.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const LIMIT = 120_000

let folder: TemporaryFolder
let scanner: TestScanner
let desk: RunningDesk

beforeAll(async () => {
  folder = temporaryFolder()
  scanner = testScanner(folder.file('scanner'))
  desk = await launchDesk({ dataFolder: folder.path, practice: true, environment: scanner.environment })
  // One sheet on the glass, as somebody chose it the day before.
  await desk.page.evaluate(() =>
    localStorage.setItem('desk.scan-profile', JSON.stringify({ source: 'flatbed', dpi: 200 })),
  )
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

test(
  'the scanner jams: the screen says what to do, and the pages that came are kept',
  async () => {
    const { page } = desk
    await sitDown(page, 'officer')
    await receive(page, [{ title: 'Học bạ kẹt giấy (mẫu)', issuer: 'Trường Mẫu' }])
    await scan(page)
    scanner.answers('SANE_STATUS_JAMMED')
    await page.getByRole('button', { name: 'Quét thêm' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'Máy quét bị kẹt giấy' })
    await alert.getByText('gỡ tờ giấy kẹt ra').waitFor()
    expect(await pagesOf(page).count()).toBe(1)

    // Mended, the work goes on where it stood.
    scanner.answers('Default')
    await scan(page)
    expect(await alert.count()).toBe(0)
    expect(await pagesOf(page).count()).toBe(2)
    await submit(page)
  },
  LIMIT,
)

test(
  'returned with a reason, mended and submitted again, it is signed',
  async () => {
    const { page } = desk
    const title = 'Giấy khai sinh trả lại (mẫu)'
    await submitted(desk, [title])
    await sitDown(page, 'signer')
    await row(page, title).click()
    await page.getByRole('button', { name: 'Trả lại' }).click()
    const dialog = page.getByRole('dialog', { name: 'Trả lại để sửa' })
    await dialog.getByText('Thiếu trang', { exact: true }).click()
    await dialog.getByRole('button', { name: 'Trả lại' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await row(page, title).waitFor({ state: 'hidden' })

    await sitDown(page, 'officer')
    await row(page, title).getByText('Thiếu trang').waitFor()
    await row(page, title).press('Enter')
    await page.getByText('Được trả lại để sửa: Thiếu trang').waitFor()
    await scan(page)
    expect(await pagesOf(page).count()).toBe(2)
    await submit(page)

    await sitDown(page, 'signer')
    await row(page, title).click()
    expect(await sign(page, 'signature')).toContain('Đã ký 1 bản')
    await row(page, title).waitFor({ state: 'hidden' })
  },
  LIMIT,
)

test(
  'a wrong PIN, twice: nothing is signed, the box warns, the last try is asked for again; the right one then signs',
  async () => {
    const { page } = desk
    const title = 'Chứng chỉ nhầm mã PIN (mẫu)'
    await submitted(desk, [title])
    await sitDown(page, 'signer')
    await row(page, title).click()
    const dialog = await openPinBox(page, 'signature')
    for (const [wrong, warning] of [
      ['11223344', 'Đã có lần nhập sai: nhập thật cẩn thận'],
      ['44332211', 'Chỉ còn một lần thử cuối'],
    ] as const) {
      await typePin(page, 'signature', wrong)
      await dialog.getByRole('alert').getByText('Mã PIN không đúng.').waitFor()
      await dialog.getByText(warning).waitFor()
      expect(await dialog.getByLabel('Mã PIN', { exact: true }).inputValue()).toBe('')
    }
    await dialog.getByRole('button', { name: 'Bỏ qua' }).click()
    await row(page, title).waitFor()

    // The last try is asked for once more, and Enter out of habit does not spend it.
    await openPinBox(page, 'signature')
    await typePin(page, 'signature', PINS.signature)
    const asking = dialog.getByRole('alertdialog', { name: 'Đây là lần thử cuối cùng' })
    await asking.waitFor()
    await page.keyboard.press('Enter')
    await asking.waitFor({ state: 'hidden' })
    await dialog.getByText('Chỉ còn một lần thử cuối').waitFor()
    await typePin(page, 'signature', PINS.signature)
    await dialog.getByRole('button', { name: 'Tôi chắc chắn, thử lần cuối' }).click()
    await said(page, 'Đã ký 1 bản').waitFor()
    await row(page, title).waitFor({ state: 'hidden' })
  },
  LIMIT,
)

test(
  'twenty copies, one PIN: all ticked, all signed, all sealed',
  async () => {
    const { page } = desk
    await submitted(
      desk,
      Array.from({ length: 20 }, (_, index) => `Bảng điểm lô ${index + 1} (mẫu)`),
    )
    for (const [role, kind] of [
      ['signer', 'signature'],
      ['clerk', 'seal'],
    ] as const) {
      await sitDown(page, role)
      const rows = page.getByRole('grid').getByRole('row', { name: /mẫu/ })
      await expect.poll(() => rows.count(), { timeout: 10_000 }).toBeGreaterThanOrEqual(20)
      const count = await rows.count()
      await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
      expect(await sign(page, kind)).toContain(`${count} bản`)
      await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(0)
    }
  },
  LIMIT,
)

test(
  'the portal is away: the delivery says so and nothing is lost; sent again, it arrives',
  async () => {
    const { page } = desk
    const title = 'Hộ chiếu cổng nghẽn (mẫu)'
    await submitted(desk, [title])
    await sitDown(page, 'signer')
    await sign(page, 'signature')
    await setPortalFaults(
      desk,
      (['token', 'next-number', 'upload', 'create', 'lookup'] as const).flatMap(endpoint =>
        Array.from({ length: 10 }, (_, index) => ({ endpoint, call: index + 1, fault: { answer: 'drop' as const } })),
      ),
    )
    await sitDown(page, 'clerk')
    await sign(page, 'seal')
    await goTo(page, 'Trả kết quả')
    const line = page.getByRole('listitem').filter({ hasText: title })
    await page
      .getByRole('region', { name: /Chương trình đang tự gửi/ })
      .getByText(title)
      .waitFor()
    await setPortalFaults(desk, [])
    await page.getByRole('button', { name: 'Gửi ngay' }).click()
    await page
      .getByRole('region', { name: /Đã đến nơi/ })
      .getByText(title)
      .waitFor()
    await line.getByText('Biên nhận').waitFor()
  },
  LIMIT,
)

test(
  'by keys alone: officer at most 12 beside the text, chairman 3 and clerk 2 beside the PIN',
  async () => {
    const { page } = desk
    const title = 'Thẻ căn cước phím (mẫu)'

    await sitDownByKeys('officer')
    const officer = new Keys(page)
    await officer.press('F2')
    await expect.poll(() => officer.focused()).toContain('Họ và tên')
    await officer.type(CITIZEN.name)
    await officer.press('Tab')
    await officer.type(CITIZEN.personalNumber)
    await officer.press('Tab')
    await officer.type(title)
    await officer.press('Tab')
    await officer.type('Cục Mẫu')
    await officer.press('Control+Enter')
    // As soon as the bench stands there, not when it has looked for what a crash left.
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
    await officer.press('F9')
    await expect.poll(() => pagesOf(page).count(), { timeout: 20_000 }).toBe(1)
    await expect.poll(() => officer.focused()).toContain('đã đối chiếu')
    await officer.press('Space')
    await officer.press('Tab')
    await officer.press('Space')
    await officer.press('Control+Enter')
    await said(page, `Đã trình ký: ${title}`).waitFor()

    await sitDownByKeys('signer')
    const chairman = new Keys(page)
    await signByKeys(chairman, 'signature')
    await said(page, 'Đã ký 1 bản').waitFor()

    await sitDownByKeys('clerk')
    const clerk = new Keys(page)
    await signByKeys(clerk, 'seal')
    await said(page, 'Đã đóng dấu 1 bản').waitFor()
    await row(page, title).waitFor({ state: 'hidden' })

    const pressed = { officer: officer.pressed, chairman: chairman.pressed, clerk: clerk.pressed }
    process.stdout.write(`keys per copy: ${JSON.stringify(pressed)}\n`)
    expect(pressed.officer).toBeLessThanOrEqual(12)
    expect(pressed.chairman).toBeLessThanOrEqual(3)
    expect(pressed.clerk).toBeLessThanOrEqual(2)

    async function sitDownByKeys(role: Role): Promise<void> {
      const keys = new Keys(page)
      const chooser = page.getByRole('heading', { name: 'Ai làm việc tại máy này?' })
      await chooser.or(page.locator('.person-menu')).waitFor()
      if (!(await chooser.isVisible())) {
        await keys.reach('Shift+Tab', (await page.locator('.person-name strong').textContent()) ?? '')
        await keys.press('Enter')
        await keys.reach('ArrowDown', 'Đổi người làm việc')
        await keys.press('Enter')
        await chooser.waitFor()
      }
      await keys.reach('Tab', PRACTICE.people[role])
      await keys.press('Enter')
      await page.getByRole('navigation', { name: 'Các phần việc' }).waitFor()
    }

    async function signByKeys(keys: Keys, kind: keyof typeof PINS): Promise<void> {
      await row(page, title).waitFor()
      await keys.press('Control+Enter')
      await expect.poll(() => keys.focused(), { timeout: 10_000 }).toContain('Mã PIN')
      await keys.type(PINS[kind])
      await keys.press('Enter')
    }
  },
  LIMIT,
)
