import { dialog } from 'electron'
import { readNumberOfPdf } from '../backup/read-number.ts'
import { type Restored, restoreBackup } from '../backup/restore.ts'
import { findingExplainer } from '../finding-words.ts'
import type { Language } from '../messages.ts'
import { chooseFolder } from './choose-path.ts'

const WORDS = {
  vi: {
    done: 'Đã khôi phục dữ liệu của cơ quan.',
    faulty: 'Đã khôi phục dữ liệu của cơ quan, nhưng có chỗ không nguyên vẹn. Gọi người hỗ trợ trước khi làm việc.',
    from: 'Bản sao lưu',
    used: 'Số đã dùng sau lần sao lưu, ghi là hủy và không cấp lại',
    sealed: 'Số đã đóng dấu sau lần sao lưu, ghi là hủy, không ký lại',
    held: 'Số bản phải xem trên cổng trước khi gửi lại',
    lost: 'Số tệp không còn ở đâu',
    findings: 'Nhật ký không khớp',
    leftOut: 'Phải cài lại (bí mật không nằm trong bản sao lưu)',
    aside: 'Dữ liệu cũ nằm trong',
    rest: 'Nếu sổ giấy, cổng dịch vụ công hay người dân có số lớn hơn: dừng lại, xem hướng dẫn docs/khi-may-hong.md.',
  },
  en: {
    done: "The office's data is restored.",
    faulty: "The office's data is restored, but parts of it are not whole. Call support before you work.",
    from: 'Backup',
    used: 'Numbers used since the backup, noted void and never given again',
    sealed: 'Numbers sealed since the backup, noted void and never signed again',
    held: 'Copies to be looked for on the portal before they are sent again',
    lost: 'Files that are nowhere any more',
    findings: 'The register is not as its journal says',
    leftOut: 'To be set up again (secrets are in no backup)',
    aside: 'The old data lies in',
    rest: 'If the paper register, the portal or a citizen has a higher number: stop, see docs/khi-may-hong.md.',
  },
} as const

/**
 * Lets the person at this PC choose the backup place, restores the office from its newest backup, and says what came of it.
 * @returns false where the dialog was closed. @throws as `restoreBackup`
 */
export async function restoreByDialog(into: string, language: Language): Promise<boolean> {
  const from = await chooseFolder('restore-from', language)
  if (from === null) return false
  const restored = await restoreBackup({ from, into, at: new Date(), readNumber: readNumberOfPdf })
  const words = WORDS[language]
  const whole = restored.lost.length === 0 && restored.findings.length === 0
  await dialog.showMessageBox({
    type: whole ? 'info' : 'warning',
    message: whole ? words.done : words.faulty,
    detail: linesOf(restored, language).join('\n'),
    buttons: ['OK'],
  })
  return true
}

function linesOf(restored: Restored, language: Language): readonly string[] {
  const words = WORDS[language]
  const explain = findingExplainer(language)
  const written = (numbers: readonly { readonly number: number; readonly year: number }[]): string =>
    [...new Set(numbers.map(({ number, year }) => `${number}/${year}`))].join(', ')
  const { used, sealedSince, deliveriesHeld, lost, findings, leftOut, setAside, name } = restored
  return [
    `${words.from}: ${name}`,
    ...(used.length > 0 ? [`${words.used}: ${written(used)}`] : []),
    ...(sealedSince.length > 0 ? [`${words.sealed}: ${written(sealedSince)}`] : []),
    ...(deliveriesHeld > 0 ? [`${words.held}: ${deliveriesHeld}`] : []),
    ...(lost.length > 0 ? [`${words.lost}: ${lost.length}`] : []),
    ...(findings.length > 0
      ? [
          `${words.findings}: ${findings
            .slice(0, 5)
            .map(each => explain(each).what)
            .join(' ')}`,
        ]
      : []),
    ...(leftOut.length > 0 ? [`${words.leftOut}: ${leftOut.join(', ')}`] : []),
    `${words.aside} ${setAside}`,
    words.rest,
  ]
}
