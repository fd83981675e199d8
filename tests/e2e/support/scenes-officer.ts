import type { Page } from 'playwright-core'
import { pagesOf } from './at-the-desk.ts'
import { button, dialog, fixed, picture, type Scene } from './scene.ts'

async function moreWork(page: Page, item: string): Promise<void> {
  await button(page, 'Việc khác với giấy tờ này')
  await page.getByRole('menuitem', { name: item }).click()
  await dialog(page)
}

/** What the officer sees, from the citizen's paper to the copy that is submitted. */
export const OFFICER_SCENES: readonly Scene[] = [
  { name: 'queue', role: 'officer', at: fixed('#/queue'), show: page => picture(page, '.copy-table') },
  {
    name: 'queue-under-way',
    role: 'officer',
    at: fixed('#/queue'),
    show: async page => {
      await page.getByText('Đã chuyển đi').click()
      await page.getByRole('grid', { name: 'Đã chuyển đi' }).waitFor()
    },
  },
  {
    name: 'new-request',
    role: 'officer',
    at: fixed('#/new-request'),
    show: async page => {
      await page.getByLabel('Họ và tên').fill('Hoàng Minh Tuệ (mẫu)')
      await page.getByLabel('Số định danh cá nhân').fill('099090000017')
      await page.getByRole('combobox', { name: 'Tên giấy tờ' }).fill('bang tot')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'new-request-missing',
    role: 'officer',
    at: fixed('#/new-request'),
    show: async page => {
      await button(page, 'Thêm bản chính')
      await button(page, 'Tiếp nhận và quét')
      await page.getByText('Nhập họ và tên').waitFor()
    },
  },
  {
    name: 'workbench-empty',
    role: 'officer',
    at: office => `#/copy/${office.empty}`,
    show: async page => {
      await page.getByText('Chưa có trang nào').waitFor()
      await page.getByRole('button', { name: 'Quét', exact: true }).waitFor()
    },
  },
  {
    name: 'workbench',
    role: 'officer',
    at: office => `#/copy/${office.draft}`,
    show: async page => {
      await picture(page, '.stage img')
      await page.getByRole('button', { name: 'Quét thêm' }).waitFor()
    },
  },
  {
    name: 'compare',
    role: 'officer',
    at: office => `#/copy/${office.draft}`,
    show: async page => {
      await picture(page, '.stage img')
      await page.keyboard.press('F8')
      await dialog(page)
    },
  },
  {
    name: 'extend',
    role: 'officer',
    at: office => `#/copy/${office.draft}`,
    show: page => moreWork(page, 'Gia hạn'),
  },
  {
    name: 'withdraw',
    role: 'officer',
    at: office => `#/copy/${office.draft}`,
    show: page => moreWork(page, 'Rút yêu cầu'),
  },
  {
    name: 'refuse',
    role: 'officer',
    at: office => `#/copy/${office.draft}`,
    show: async page => {
      await moreWork(page, 'Từ chối')
      await page.getByRole('radio').first().waitFor()
    },
  },
  {
    name: 'refusal-notice',
    role: 'officer',
    at: office => `#/copy/${office.refused}`,
    show: async page => {
      await button(page, 'In văn bản từ chối')
      await page.getByText('TỪ CHỐI CHỨNG THỰC').waitFor()
    },
  },
  {
    name: 'scanning',
    role: 'officer',
    at: office => `#/copy/${office.empty}`,
    passing: true,
    show: async page => {
      await page.evaluate(() =>
        localStorage.setItem('desk.scan-profile', JSON.stringify({ source: 'feeder', dpi: 300 })),
      )
      await page.reload()
      await page.getByRole('button', { name: /^Quét( thêm)?$/ }).click()
      await pagesOf(page).nth(1).waitFor()
      await page.getByRole('status').getByText('Đang nhận trang').waitFor()
    },
  },
  {
    name: 'receipt',
    role: 'officer',
    at: office => `#/copy/${office.delivered}`,
    show: async page => {
      await button(page, 'In giấy hẹn')
      await dialog(page)
      await page.getByText('Đang tải').first().waitFor({ state: 'detached' })
    },
  },
]
