import type { Page } from 'playwright-core'
import { openPinBox, PINS, sitDown, typePin } from './at-the-desk.ts'
import { clientOf } from './client.ts'
import { submitted } from './prepared.ts'
import { button, dialog, fixed, picture, type Scene } from './scene.ts'

/** Gives the file of the copy on the screen to the screen that verifies. */
async function verifyShownCopy(page: Page): Promise<void> {
  const address = (await page.locator('a[download]').first().getAttribute('href')) ?? ''
  await page.locator('nav a[href="#/verify"]').click()
  // The file stays inside the page: it is large, and each byte that crosses to the test costs.
  await page
    .locator('input[type=file]')
    .first()
    .evaluate(async (field, url) => {
      const chosen = new DataTransfer()
      const file = await (await fetch(url)).blob()
      chosen.items.add(new File([file], 'Bằng tốt nghiệp.pdf', { type: 'application/pdf' }))
      if (field instanceof HTMLInputElement) field.files = chosen.files
      field.dispatchEvent(new Event('change', { bubbles: true }))
    }, address)
}

/** What chairman and clerk see, from the copy that waits to the register and the file that is verified. */
export const SIGNING_SCENES: readonly Scene[] = [
  {
    name: 'waiting',
    role: 'signer',
    at: fixed('#/waiting'),
    show: async page => {
      await page.getByRole('figure').getByText('CHỦ TỊCH').waitFor()
      await picture(page, '.copy-view img')
    },
  },
  {
    name: 'waiting-many',
    role: 'signer',
    at: fixed('#/waiting'),
    show: async page => {
      await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
      await page.getByRole('figure').getByText('CHỦ TỊCH').waitFor()
    },
  },
  {
    name: 'pin',
    role: 'signer',
    at: fixed('#/waiting'),
    show: async page => {
      await openPinBox(page, 'signature')
    },
  },
  {
    name: 'pin-many',
    role: 'signer',
    at: fixed('#/waiting'),
    show: async page => {
      await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
      await openPinBox(page, 'signature')
    },
  },
  {
    name: 'pin-wrong',
    role: 'signer',
    at: fixed('#/waiting'),
    show: async page => {
      const box = await openPinBox(page, 'signature')
      await typePin(page, 'signature', '11223344')
      await box.getByRole('alert').waitFor()
      await box.getByText('Đã có lần nhập sai').waitFor()
    },
  },
  {
    name: 'pin-last-try',
    role: 'signer',
    at: fixed('#/waiting'),
    show: async page => {
      const box = await openPinBox(page, 'signature')
      await typePin(page, 'signature', '11223344')
      await box.getByText('Chỉ còn một lần thử cuối').waitFor()
      await typePin(page, 'signature', '11223344')
      await box.getByRole('alertdialog').waitFor()
    },
  },
  {
    name: 'return',
    role: 'signer',
    at: fixed('#/waiting'),
    show: async page => {
      await button(page, 'Trả lại')
      await dialog(page)
    },
  },
  {
    name: 'copy',
    role: 'signer',
    at: office => `#/copy/${office.delivered}`,
    show: page => picture(page, '.copy-view canvas, .copy-view img'),
  },
  {
    name: 'cancel',
    role: 'signer',
    at: office => `#/copy/${office.delivered}`,
    show: async page => {
      await button(page, 'Hủy bỏ giá trị')
      await dialog(page)
    },
  },
  {
    name: 'seal',
    role: 'clerk',
    at: fixed('#/seal'),
    show: page => picture(page, '.copy-view canvas, .copy-view img'),
  },
  {
    name: 'deliveries',
    role: 'clerk',
    at: fixed('#/deliveries'),
    show: page => page.getByText('Đã đến nơi').waitFor(),
  },
  {
    name: 'evidence',
    role: 'clerk',
    at: fixed('#/deliveries'),
    show: async page => {
      await page.getByRole('button', { name: 'Bằng chứng gửi' }).last().click()
      await page.getByText('Trả kết quả', { exact: true }).last().waitFor()
    },
  },
  {
    name: 'register',
    role: 'clerk',
    at: fixed('#/register'),
    show: page => page.getByRole('row').nth(1).waitFor(),
  },
  {
    name: 'register-printed',
    role: 'clerk',
    at: fixed('#/register'),
    show: async page => {
      await button(page, 'In tháng này')
      await page.getByRole('dialog').locator('canvas').first().waitFor()
    },
  },
  {
    name: 'close-year',
    role: 'clerk',
    at: fixed('#/register'),
    show: async page => {
      await button(page, 'Quản lý quyển sổ')
      await page.getByRole('menuitem', { name: /^Khóa sổ năm/ }).click()
      await dialog(page)
    },
  },
  {
    name: 'copy-archived',
    role: 'clerk',
    at: fixed('#/register'),
    show: async (page, { delivered }) => {
      await button(page, /^Lưu trữ lâu dài/)
      await page.getByText('Đã lưu trữ 1 bản sao.').waitFor()
      await page.evaluate(hash => {
        window.location.hash = hash
      }, `#/copy/${delivered}`)
      await page.getByRole('link', { name: 'Lưu tệp lưu trữ lâu dài' }).waitFor()
      await picture(page, '.copy-view canvas')
    },
  },
  {
    name: 'verify',
    role: 'clerk',
    at: fixed('#/verify'),
    show: async page => {
      await page.getByText('Kiểm tra một tệp PDF đã ký').waitFor()
    },
  },
  {
    name: 'verify-genuine',
    role: 'clerk',
    at: office => `#/copy/${office.delivered}`,
    show: async page => {
      await verifyShownCopy(page)
      await page.getByText('Hợp lệ, nguyên vẹn').waitFor()
      await picture(page, '.copy-page canvas')
    },
  },
]

/** They change what the others show: many copies more, and the window's language. */
export const LAST_SCENES: readonly Scene[] = [
  {
    name: 'batch',
    role: 'signer',
    at: fixed('#/waiting'),
    passing: true,
    show: async (page, { desk }) => {
      await submitted(
        desk,
        Array.from({ length: 12 }, (_, index) => `Trích lục khai sinh ${index + 1} (mẫu)`),
      )
      await sitDown(page, 'signer')
      await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
      await openPinBox(page, 'signature')
      await typePin(page, 'signature', PINS.signature)
      const done = page.locator('[data-result=done]').nth(3)
      // Asked where the scenes before have left but one try.
      const sure = page.getByRole('button', { name: 'Tôi chắc chắn, thử lần cuối' })
      await done.or(sure).waitFor()
      if (await sure.isVisible()) await sure.click()
      await done.waitFor()
    },
  },
  // The last: the window speaks English from here on.
  {
    name: 'verify-english',
    role: 'clerk',
    at: office => `#/copy/${office.delivered}`,
    show: async (page, { desk }) => {
      await (await clientOf(desk)).session.setLanguage.mutate({ language: 'en' })
      await page.reload()
      await verifyShownCopy(page)
      await page.getByText('Valid and intact').waitFor()
      await picture(page, '.copy-page canvas')
    },
  },
]
