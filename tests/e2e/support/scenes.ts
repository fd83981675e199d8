import type { Page } from 'playwright-core'
import { button, dialog, fixed, heading, picture, type Scene } from './scene.ts'
import { OFFICER_SCENES } from './scenes-officer.ts'
import { LAST_SCENES, SIGNING_SCENES } from './scenes-signing.ts'
import { tamper } from './tampering.ts'

/** The settings from a section on: they are longer than the window. */
const settingsFrom = (name: string) => async (page: Page) => {
  await page.getByLabel('Thư viện thẻ ký').waitFor()
  await page.getByRole('heading', { level: 2, name }).evaluate(heading => heading.scrollIntoView())
}

/** What everybody sees, and the administrator. */
const OTHER_SCENES: readonly Scene[] = [
  {
    name: 'search',
    role: 'clerk',
    at: fixed('#/register'),
    show: async page => {
      await page.getByRole('searchbox').fill('giay')
      await page.getByText(/kết quả cho/).waitFor()
      await picture(page, '.copy-table')
    },
  },
  {
    name: 'journal',
    role: 'admin',
    at: fixed('#/journal'),
    show: async page => {
      await button(page, /^Kiểm tra ngay/)
      await page.getByRole('heading', { name: 'Sổ đúng như nhật ký' }).waitFor()
    },
  },
  {
    name: 'journal-findings',
    role: 'admin',
    at: fixed('#/journal'),
    show: async (page, { desk }) => {
      const { undo } = tamper(desk.dataFolder)
      try {
        await button(page, /^Kiểm tra ngay/)
        await page.getByRole('heading', { name: /^Có \d+ chỗ không khớp/ }).waitFor()
      } finally {
        undo()
      }
    },
  },
  {
    name: 'tokens',
    role: 'signer',
    at: fixed('#/tokens'),
    show: page => picture(page, '.token-panel'),
  },
  {
    name: 'token-pin',
    role: 'signer',
    at: fixed('#/tokens'),
    show: async page => {
      await button(page, /^Đổi mã PIN/)
      await page.getByLabel('Mã PIN mới', { exact: true }).fill('123')
      await page.keyboard.press('Enter')
      await page.getByText('Nhập mã PIN đang dùng').waitFor()
    },
  },
  {
    name: 'settings',
    role: 'admin',
    at: fixed('#/settings'),
    show: page => page.getByLabel('Thư viện thẻ ký').waitFor(),
  },
  {
    name: 'person',
    role: 'admin',
    at: fixed('#/settings'),
    show: async page => {
      await button(page, /^Sửa Nguyễn Văn An/)
      await dialog(page)
    },
  },
  {
    name: 'password',
    role: 'admin',
    at: fixed('#/settings'),
    show: async page => {
      await button(page, /^Mật khẩu của /)
      await dialog(page)
    },
  },
  { name: 'settings-office', role: 'admin', at: fixed('#/settings'), show: settingsFrom('Tên cơ quan') },
  {
    name: 'settings-devices',
    role: 'admin',
    at: fixed('#/settings'),
    show: settingsFrom('Thiết bị và dịch vụ của máy này'),
  },
  {
    name: 'practice-renew',
    role: 'admin',
    at: fixed('#/settings'),
    show: async page => {
      await button(page, 'Làm lại cơ quan tập dượt')
      await dialog(page)
    },
  },
  {
    name: 'diagnostics',
    role: 'admin',
    at: fixed('#/diagnostics'),
    show: async page => {
      await heading('Chẩn đoán')(page)
      await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Sao chép nội dung' }).and(page.locator(':enabled')).waitFor()
    },
  },
  {
    name: 'shortcuts',
    role: 'officer',
    at: fixed('#/queue'),
    show: async page => {
      await picture(page, '.copy-table')
      await page.keyboard.press('Control+/')
      await dialog(page)
    },
  },
  {
    name: 'help',
    role: 'officer',
    at: fixed('#/queue'),
    show: async page => {
      await picture(page, '.copy-table')
      await page.keyboard.press('F1')
      await page.getByRole('complementary').waitFor()
    },
  },
]

/** Every screen and the main dialogs of the desk. */
export const SCENES: readonly Scene[] = [
  { name: 'people', role: null, at: fixed('#/'), show: heading('Ai làm việc tại máy này?') },
  ...OFFICER_SCENES,
  ...SIGNING_SCENES,
  ...OTHER_SCENES,
  ...LAST_SCENES,
]
