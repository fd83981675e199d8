import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Role } from '../../../electron/office/types.ts'
import { PRACTICE } from '../../../electron/sandbox/practice-office.ts'

/** What a person does at the window: only what stands on the screen, by the names that stand there. */

export const PINS = { signature: PRACTICE.tokens.signer.pin, seal: PRACTICE.tokens.organisation.pin } as const
export type SignatureKind = keyof typeof PINS

/** An invented citizen; no province has code 099. */
export const CITIZEN = { name: 'Hoàng Minh Tuệ (mẫu)', personalNumber: '099090000017' } as const

/** Somebody sits down at the window; who sat there before gets up. */
export async function sitDown(page: Page, role: Role): Promise<void> {
  const chooser = page.getByRole('heading', { name: 'Ai làm việc tại máy này?' })
  const menu = page.locator('.person-menu')
  await chooser.or(menu).waitFor()
  if (await menu.isVisible()) {
    await menu.click()
    await page.getByRole('menuitem', { name: 'Đổi người làm việc' }).click()
  }
  await page.getByRole('button', { name: PRACTICE.people[role] }).click()
  await page.getByRole('navigation', { name: 'Các phần việc' }).waitFor()
}

/** Goes to a place of the navigation on the left. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: place }).click()
  await page.getByRole('heading', { level: 1, name: place }).waitFor()
}

export interface Original {
  readonly title: string
  readonly issuer: string
  readonly copies?: number
}

/** The officer takes papers over the desk; afterwards the bench with the first of them is open. */
export async function receive(page: Page, originals: readonly Original[], citizen = CITIZEN): Promise<void> {
  await page.keyboard.press('F2')
  await page.getByLabel('Họ và tên').fill(citizen.name)
  await page.getByLabel('Số định danh cá nhân').fill(citizen.personalNumber)
  for (const [index, original] of originals.entries()) {
    if (index > 0) await page.getByRole('button', { name: 'Thêm bản chính' }).click()
    const fields = page.getByRole('group', { name: `Bản chính thứ ${index + 1}` })
    await fields.getByRole('combobox', { name: 'Tên giấy tờ' }).fill(original.title)
    await page.keyboard.press('Escape')
    await fields.getByLabel('Nơi cấp').fill(original.issuer)
    if (original.copies !== undefined) await fields.getByLabel('Số bản').fill(String(original.copies))
  }
  await page.getByRole('button', { name: 'Tiếp nhận và quét' }).click()
  await page.getByRole('heading', { level: 1, name: originals[0]?.title ?? '' }).waitFor()
}

/** Sets the scanner to one sheet on the glass at 200 dpi, which the window keeps for the next papers. */
export async function chooseGlass(page: Page): Promise<void> {
  await page.locator('.scan-profile summary').click()
  await choose(page, 'Nguồn giấy', 'Mặt kính')
  await choose(page, 'Độ nét', '200 dpi')
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  await page
    .getByRole('combobox', { name: field })
    .or(page.getByRole('textbox', { name: field }))
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** The pages in the strip. */
export const pagesOf = (page: Page): Locator => page.getByRole('listbox', { name: 'Các trang' }).getByRole('option')

/** Scans what lies on the glass and waits until the page is there. */
export async function scan(page: Page): Promise<void> {
  const before = await pagesOf(page).count()
  await page.getByRole('button', { name: /^Quét( thêm)?$/ }).click()
  await expect.poll(() => pagesOf(page).count()).toBe(before + 1)
}

/** Both statements ticked, then on to the chairman. */
export async function submit(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /đã đối chiếu bản sao với bản chính/ }).check()
  await page.getByRole('checkbox', { name: /Đủ mọi trang/ }).check()
  await page.getByRole('button', { name: 'Trình ký' }).click()
  await page
    .getByText(/^Đã trình ký/)
    .first()
    .waitFor()
}

const words = {
  signature: { open: /^Ký (bản này|\d+ bản đã chọn)/, confirm: /^Ký \d+ bản$/, done: /^Đã ký \d+ bản/ },
  seal: { open: /^Đóng dấu (bản này|\d+ bản đã chọn)/, confirm: /^Đóng dấu \d+ bản$/, done: /^Đã đóng dấu \d+ bản/ },
} as const

/** Opens the PIN box for what is shown or ticked. */
export async function openPinBox(page: Page, kind: SignatureKind): Promise<Locator> {
  await page.getByRole('button', { name: words[kind].open }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Mã PIN', { exact: true }).waitFor()
  return dialog
}

/** Types the PIN into the open box and confirms. */
export async function typePin(page: Page, kind: SignatureKind, pin: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Mã PIN', { exact: true }).fill(pin)
  await dialog.getByRole('button', { name: words[kind].confirm }).click()
}

/** Signs or seals what is shown or ticked, and waits until the program says how many. @returns its words */
export async function sign(page: Page, kind: SignatureKind): Promise<string> {
  await openPinBox(page, kind)
  await typePin(page, kind, PINS[kind])
  return (await said(page, words[kind].done).textContent()) ?? ''
}

/** A notice in the corner of the window. */
export const said = (page: Page, text: RegExp | string): Locator =>
  page.locator('.mantine-Notification-root').filter({ hasText: text }).last()

/** The row of a list with this paper's title. */
export const row = (page: Page, title: string): Locator => page.getByRole('row', { name: title })
