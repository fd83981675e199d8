import { basename } from 'node:path'
import { explain, type Language } from '../messages.ts'
import type { ApiDesk } from './context.ts'
import type { DiagnosticsReport, DiagnosticsSection } from './contract/diagnostics.ts'
import { anyProcedure, router } from './procedures.ts'

type Line = DiagnosticsSection['lines'][number]

const titles = {
  tokens: { vi: 'Thiết bị ký', en: 'Tokens' },
  scanners: { vi: 'Máy quét', en: 'Scanners' },
  none: { vi: 'không thấy', en: 'none found' },
} as const

const words = {
  slot: { vi: 'khe', en: 'slot' },
  certificates: { vi: 'chứng thư', en: 'certificates' },
  ok: { vi: 'mã PIN bình thường', en: 'PIN in order' },
  'count-low': { vi: 'mã PIN đã bị nhập sai', en: 'PIN was entered wrongly' },
  'final-try': { vi: 'mã PIN chỉ còn một lần thử', en: 'one try of the PIN left' },
  locked: { vi: 'đã bị khóa', en: 'locked' },
  'not-set': { vi: 'chưa đặt mã PIN', en: 'no PIN set' },
  flatbed: { vi: 'mặt kính', en: 'flatbed' },
  feeder: { vi: 'khay nạp giấy', en: 'feeder' },
} as const

/** Facts for a support mail. Works without an office too, since support is needed most when nothing opens. */
export const diagnosticsRouter = router({
  report: anyProcedure.query(async ({ ctx: { host }, signal }): Promise<DiagnosticsReport> => {
    const language = host.language()
    const desk = host.desk()
    const sections = [
      ...(await host.machineFacts()),
      ...(desk
        ? [
            { title: titles.tokens[language], lines: await tokenLines(desk, language) },
            { title: titles.scanners[language], lines: await scannerLines(desk, language, signal) },
          ]
        : []),
    ]
    return { sections, text: sections.map(sectionText).join('\n\n') }
  }),
})

const sectionText = (section: DiagnosticsSection): string =>
  [
    `## ${section.title}`,
    ...section.lines.map(line => `${line.state === 'error' ? '✗ ' : ''}${line.name}: ${line.value}`),
  ].join('\n')

/** Labels and names on certificates may be a person's, so only kind, slot and state are told. */
async function tokenLines(desk: ApiDesk, language: Language): Promise<readonly Line[]> {
  const seen = await desk.tokens.list()
  if (seen.length === 0) return [{ name: '–', value: titles.none[language], state: 'warning' }]
  return seen.map(each =>
    'slotId' in each
      ? {
          name: `${basename(each.module)} · ${words.slot[language]} ${each.slotId}`,
          value: `${each.manufacturer} ${each.model}, ${words[each.pinState][language]}, ${each.certificates.length} ${words.certificates[language]}`,
          state: each.pinState === 'ok' ? 'ok' : 'warning',
        }
      : { name: basename(each.module), value: explain(each.error, language).what, state: 'error' },
  )
}

async function scannerLines(desk: ApiDesk, language: Language, signal?: AbortSignal): Promise<readonly Line[]> {
  try {
    const devices = await desk.scanner.devices(signal)
    if (devices.length === 0) return [{ name: '–', value: titles.none[language], state: 'warning' }]
    return devices.map(device => ({
      name: `${device.vendor} ${device.model}`.trim(),
      value: `${device.driver.toUpperCase()}: ${device.sources.map(({ source }) => words[source][language]).join(', ')}`,
      state: 'ok',
    }))
  } catch (error) {
    return [{ name: '–', value: explain(error, language).what, state: 'error' }]
  }
}
