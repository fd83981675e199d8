import type { Page } from 'playwright-core'
import type { Role } from '../../../electron/office/types.ts'
import { openPinBox, sitDown, typePin } from './at-the-desk.ts'
import type { Furnished } from './furnished.ts'

/** Every screen and the main dialogs of the desk, each with the way to it. */
export interface Scene {
  /** English, for file names. */
  readonly name: string
  /** Null: before anybody sits down. */
  readonly role: Role | null
  /** The screen's address; `#/` is the person's own first screen. */
  readonly at: (office: Furnished) => string
  /** From the screen to what is to be seen, until it stands there. */
  readonly show: (page: Page) => Promise<void>
}

const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole('heading', { level: 1, name }).first().waitFor()
const picture = (page: Page, selector: string) => page.locator(selector).first().waitFor()
const dialog = (page: Page) => page.getByRole('dialog').waitFor()
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()
const fixed = (hash: string) => () => hash

async function moreWork(page: Page, item: string): Promise<void> {
  await button(page, 'Việc khác với giấy tờ này')
  await page.getByRole('menuitem', { name: item }).click()
  await dialog(page)
}

/** The settings from a section on: they are longer than the window. */
const settingsFrom = (name: string) => async (page: Page) => {
  await page.getByLabel('Thư viện thẻ ký').waitFor()
  await page.getByRole('heading', { level: 2, name }).evaluate(heading => heading.scrollIntoView())
}

export const SCENES: readonly Scene[] = [
  { name: 'people', role: null, at: fixed('#/'), show: heading('Ai làm việc tại máy này?') },
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
    name: 'receipt',
    role: 'officer',
    at: office => `#/copy/${office.delivered}`,
    show: async page => {
      await button(page, 'In giấy hẹn')
      await dialog(page)
      await page.getByText('Đang tải').first().waitFor({ state: 'detached' })
    },
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
      const address = (await page.getByRole('link', { name: 'Lưu tệp PDF' }).getAttribute('href')) ?? ''
      await page.getByRole('link', { name: 'Kiểm tra chữ ký' }).click()
      // The file stays inside the page: it is large, and each byte that crosses to the test costs.
      await page
        .locator('input[type=file]')
        .first()
        .evaluate(async (field, url) => {
          const chosen = new DataTransfer()
          const file = await (await fetch(url)).blob()
          chosen.items.add(new File([file], 'Giấy khai sinh.pdf', { type: 'application/pdf' }))
          if (field instanceof HTMLInputElement) field.files = chosen.files
          field.dispatchEvent(new Event('change', { bubbles: true }))
        }, address)
      await page.getByText('Hợp lệ, nguyên vẹn').waitFor()
      await picture(page, '.copy-page canvas')
    },
  },
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
  { name: 'settings-office', role: 'admin', at: fixed('#/settings'), show: settingsFrom('Con dấu của cơ quan') },
  {
    name: 'settings-devices',
    role: 'admin',
    at: fixed('#/settings'),
    show: settingsFrom('Thiết bị và dịch vụ của máy này'),
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

/** Opens a scene on a fresh page and waits until nothing moves. */
export async function open(page: Page, scene: Scene, office: Furnished, seated: Role | null): Promise<void> {
  if (scene.role !== null && scene.role !== seated) {
    // What the scene before has left open goes with its page.
    await page.reload()
    await sitDown(page, scene.role)
  }
  await page.evaluate(hash => {
    window.location.hash = hash
  }, scene.at(office))
  await page.reload()
  await scene.show(page)
  await still(page)
}

/** No animation under way, and every picture and page of a PDF that can be seen is drawn. */
export async function still(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const moves = (each: Animation) =>
      each.playState === 'running' && each.effect?.getComputedTiming().endTime !== Infinity
    const seen = (each: Element) => {
      const { top, bottom, width } = each.getBoundingClientRect()
      return width > 0 && top < window.innerHeight && bottom > 0
    }
    const drawn = (canvas: HTMLCanvasElement) => {
      if (canvas.width === 0) return false
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
      return data.some((value, index) => index % 4 === 0 && value < 128 && (data[index + 3] ?? 0) > 0)
    }
    return (
      document.fonts.status === 'loaded' &&
      !document.getAnimations().some(moves) &&
      [...document.images].filter(seen).every(image => image.complete && image.naturalWidth > 0) &&
      [...document.querySelectorAll('canvas')].filter(seen).every(drawn)
    )
  })
}
