import { expect, test } from 'vitest'
import type { Role } from '../../electron/office/types.ts'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { CITIZEN, goTo, PINS, pagesOf, receive, row, said, scan, sign, sitDown, submit } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { deskOfFile } from './support/desk-of-file.ts'
import { Keys } from './support/keys.ts'
import { setPortalFaults } from './support/practice-world.ts'
import { submitted } from './support/prepared.ts'

const own = deskOfFile()

// First, while the lists are empty: what is signed by keys is then the first of its list.
test('by keys alone: officer at most 12 beside the text, chairman 3 and clerk 2 beside the PIN', async () => {
  const { page } = own
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
  await expect.poll(() => pagesOf(page).count()).toBe(1)
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
    // Enter begins at once for the first; whoever sits further down is a few Tabs away.
    await expect
      .poll(() => keys.focused())
      .toContain((await page.locator('.person strong').first().textContent()) ?? '')
    await keys.reach('Tab', PRACTICE.people[role])
    await keys.press('Enter')
    await page.getByRole('navigation', { name: 'Các phần việc' }).waitFor()
  }

  async function signByKeys(keys: Keys, kind: keyof typeof PINS): Promise<void> {
    await row(page, title).waitFor()
    await keys.press('Control+Enter')
    await expect.poll(() => keys.focused()).toContain('Mã PIN')
    await keys.type(PINS[kind])
    await keys.press('Enter')
  }
})

test('the scanner jams: the screen says what to do, and the pages that came are kept', async () => {
  const { page } = own
  await sitDown(page, 'officer')
  await receive(page, [{ title: 'Học bạ kẹt giấy (mẫu)', issuer: 'Trường Mẫu' }])
  await scan(page)
  own.scanner.answers('SANE_STATUS_JAMMED')
  await page.getByRole('button', { name: 'Quét thêm' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Máy quét bị kẹt giấy' })
  await alert.getByText('gỡ tờ giấy kẹt ra').waitFor()
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  expect(await pagesOf(page).count()).toBe(1)

  // Mended, the work goes on where it stood.
  own.scanner.answers('Default')
  await scan(page)
  expect(await alert.count()).toBe(0)
  expect(await pagesOf(page).count()).toBe(2)
  await submit(page)
})

test('returned with a reason, mended and submitted again, it is signed', async () => {
  const { page } = own
  const title = 'Giấy khai sinh trả lại (mẫu)'
  await submitted(own.desk, [title])
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
})

test('the portal is away: the delivery says so and nothing is lost; sent again, it arrives', async () => {
  const { page } = own
  const title = 'Hộ chiếu cổng nghẽn (mẫu)'
  await submitted(own.desk, [title])
  await sitDown(page, 'signer')
  await row(page, title).click()
  await sign(page, 'signature')
  await setPortalFaults(
    own.desk,
    (['token', 'next-number', 'upload', 'create', 'lookup'] as const).flatMap(endpoint =>
      Array.from({ length: 10 }, (_, index) => ({ endpoint, call: index + 1, fault: { answer: 'drop' as const } })),
    ),
  )
  await sitDown(page, 'clerk')
  await row(page, title).click()
  await sign(page, 'seal')
  await goTo(page, 'Trả kết quả')
  const line = page.getByRole('listitem').filter({ hasText: title })
  await page
    .getByRole('region', { name: /Chương trình đang tự gửi/ })
    .getByText(title)
    .waitFor()
  await setPortalFaults(own.desk, [])
  await page.getByRole('button', { name: 'Gửi ngay' }).click()
  await page
    .getByRole('region', { name: /Đã đến nơi/ })
    .getByText(title)
    .waitFor()
  await line.getByText('Biên nhận').waitFor()
})

test('a copy cancelled after it arrived: the portal is told; where that cannot be, a person says that they have done it', async () => {
  const { page } = own
  const title = 'Bằng cấp hủy bỏ (mẫu)'
  const notFound = { endpoint: 'cancel', call: 1, fault: { answer: 'not-found' } } as const
  await submitted(own.desk, [title])
  await sitDown(page, 'signer')
  await row(page, title).click()
  await sign(page, 'signature')
  await sitDown(page, 'clerk')
  await row(page, title).click()
  await sign(page, 'seal')
  await goTo(page, 'Trả kết quả')
  const part = (name: RegExp) => page.getByRole('region', { name }).getByText(title)
  await part(/Đã đến nơi/).waitFor()

  await setPortalFaults(own.desk, [notFound])
  await sitDown(page, 'signer')
  await page.getByRole('searchbox').fill(title)
  await page.keyboard.press('Enter')
  await row(page, title).click()
  await page.getByRole('button', { name: 'Hủy bỏ giá trị' }).click()
  await page.getByLabel('Số quyết định').fill('12/QĐ-UBND')
  await page.getByRole('dialog').getByRole('button', { name: 'Hủy bỏ giá trị' }).click()

  await sitDown(page, 'clerk')
  await goTo(page, 'Trả kết quả')
  await part(/cần người báo cho Cổng/).waitFor()
  const line = page.getByRole('listitem').filter({ hasText: title })
  await line.getByText('Chương trình không tự báo được').waitFor()
  await line.getByRole('button', { name: 'Đã báo bằng tay' }).click()
  await part(/Đã hủy bỏ và đã báo/).waitFor()
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
})
