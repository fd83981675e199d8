import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { z } from 'zod'
import { BackupError } from '../backup/errors.ts'
import { generationName } from '../backup/manifest.ts'
import { readNumberOfPdf } from '../backup/read-number.ts'
import { type Restored, restoreBackup } from '../backup/restore.ts'
import { type BackupFinding, verifyBackup } from '../backup/verify-backup.ts'
import { findingExplainer } from '../finding-words.ts'
import type { Language } from '../messages.ts'
import { StoreError } from '../store/errors.ts'
import { readHeads } from '../store/heads.ts'
import { HEAD_FILE } from '../store/store.ts'
import type { Run } from './ctdesk.ts'
import { type DeskOptions, deskCommand, withDesk } from './desk-options.ts'
import { CliError } from './errors.ts'
import { EXIT } from './output.ts'

/** What is said of a finding; its subject follows. */
const FINDINGS: Readonly<Record<BackupFinding['kind'], string>> = {
  'list-changed': 'danh mục tệp của bản sao lưu đã bị thay đổi',
  'file-missing': 'thiếu tệp',
  'file-changed': 'tệp đã bị thay đổi hoặc hỏng',
  'blob-missing': 'thiếu tệp trong kho',
  'blob-changed': 'tệp trong kho đã bị thay đổi hoặc hỏng',
  'blob-lost-before': 'tệp đã mất ở cơ quan từ trước khi sao lưu',
  'database-damaged': 'cơ sở dữ liệu trong bản sao lưu bị hỏng',
  'head-differs': 'cơ sở dữ liệu không kết thúc ở sự kiện đã ghi',
  'register-untrue': 'sổ không đúng như nhật ký',
}

interface BackupOptions {
  readonly office?: string
  readonly to?: string
  readonly recheck?: boolean
}

interface RestoreOptions {
  readonly office: string
  readonly from: string
  readonly generation?: string
  readonly evidence: readonly string[]
  readonly usedUntil: readonly string[]
  readonly replace?: true
}

/** `ctdesk office backup | restore | head-renew`: the office's data in a second place, and back. */
export function addBackup(office: Command, run: Run): void {
  office.addCommand(backupCommand(run))
  office.addCommand(restoreCommand(run))
  office.addCommand(
    deskCommand(
      'head-renew',
      'make office.head.json anew where it cannot be read; compare the last number of the register first',
    ).action((options: DeskOptions) =>
      run(async ({ say }) => {
        const file = join(options.office, HEAD_FILE)
        try {
          await readHeads(file)
        } catch (error) {
          if (!(error instanceof StoreError)) throw error
          const aside = join(options.office, `office.head.unreadable-${generationName(new Date())}.json`)
          await rename(file, aside)
          say(aside)
        }
        return await withDesk(options.office, async desk => ({
          status: EXIT.done,
          data: { office: desk.officeId },
          lines: [`✓ ${file}`],
        }))
      }),
    ),
  )
}

function backupCommand(run: Run): Command {
  const backup = new Command('backup')
    .exitOverride()
    .description(
      "copy the office's data to a second place, while others may work; what is there already is not copied again",
    )
    .addOption(new Option('--office <folder>', "folder of the office's data").env('CTDESK_OFFICE'))
    .option('--to <folder>', 'the second place, a folder on another drive; that of the settings when left out')
    .option('--recheck', 'read what earlier backups stored again, and mend it')
    .action(({ office, to, recheck = false }: BackupOptions) =>
      run(async context => {
        if (office === undefined) throw new CliError('argument-invalid', { name: '--office', reason: '?' })
        return await withDesk(office, async desk => {
          const place = to ?? desk.settings.backup.folder
          if (place === null) throw new BackupError('backup-not-set')
          const { name, manifest, manifestSha256, copied } = await desk.backup(place, {
            recheck,
            signal: context.signal,
          })
          const { head, blobs, lost, leftOut } = manifest
          return {
            status: lost.length === 0 ? EXIT.done : EXIT.refused,
            data: { place, name, manifestSha256, head, blobs: blobs.count, copied, lost, leftOut },
            lines: [
              `${lost.length === 0 ? '✓' : '✗'} ${join(place, name)}`,
              `  đến sự kiện số ${head.sequence}, ${blobs.count} tệp, ${copied} tệp mới`,
              ...lost.map(sha256 => `  tệp đã mất ở cơ quan: ${sha256}`),
              ...leftOut.map(path => `  không sao lưu (bí mật, phải cài lại): ${path}`),
            ],
          }
        })
      }),
    )
  backup
    .command('verify')
    .description('read a whole backup again: every file by its hash, the database, the chain of events')
    .argument('<folder>', 'the second place')
    .option('--generation <name>', 'which backup; the newest when left out')
    .action((folder: string, { generation }: { generation?: string }) =>
      run(async ({ signal, language }) => {
        const explain = findingExplainer(language)
        const verified = await verifyBackup(folder, {
          signal,
          ...(generation === undefined ? {} : { name: generation }),
        })
        const { name, manifest } = verified.generation
        const { findings, blobs } = verified
        return {
          status: findings.length === 0 ? EXIT.done : EXIT.refused,
          data: { valid: findings.length === 0, name, head: manifest.head, blobs, findings },
          lines: [
            `${findings.length === 0 ? '✓' : '✗'} ${name}: ${blobs} tệp, đến sự kiện số ${manifest.head.sequence}`,
            ...findings.map(({ kind, subject, found }) =>
              found ? `  ${explain(found).what}` : `  ${FINDINGS[kind]}: ${subject}`,
            ),
          ],
        }
      }),
    )
  return backup
}

function restoreCommand(run: Run): Command {
  return new Command('restore')
    .exitOverride()
    .description("put an office's data back from a backup; what is there is set aside, numbers used since become void")
    .addOption(
      new Option('--office <folder>', "folder of the office's data").env('CTDESK_OFFICE').makeOptionMandatory(),
    )
    .requiredOption('--from <folder>', 'the second place')
    .option('--generation <name>', 'which backup; the newest when left out')
    .option('--evidence <folder>', 'folder with certified files given out since; may stand several times', collect, [])
    .option('--used-until <number/year>', 'last number used, as the paper register or the portal says', collect, [])
    .option('--replace', 'also where the data there is whole: what was done since the backup is lost to the register')
    .action((options: RestoreOptions) =>
      run(async ({ signal, language }) => {
        const restored = await restoreBackup({
          ...{ from: options.from, into: options.office, at: new Date(), readNumber: readNumberOfPdf },
          ...{ evidence: options.evidence, usedUntil: options.usedUntil.map(numberAndYear), signal },
          ...(options.generation === undefined ? {} : { name: options.generation }),
          replace: options.replace ?? false,
        })
        const whole = restored.findings.length === 0 && restored.lost.length === 0
        return {
          status: whole ? EXIT.done : EXIT.refused,
          data: restored,
          lines: [`${whole ? '✓' : '✗'} ${options.office}`, ...linesOf(restored, language).map(line => `  ${line}`)],
        }
      }),
    )
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** @throws CliError argument-invalid */
function numberAndYear(text: string): { readonly year: number; readonly number: number } {
  const [, number, year] = /^0*([1-9]\d{0,6})\/(\d{4})$/.exec(text) ?? []
  if (number === undefined) throw new CliError('argument-invalid', { name: '--used-until', reason: text })
  return z.object({ year: z.coerce.number(), number: z.coerce.number() }).parse({ year, number })
}

function linesOf(restored: Restored, language: Language): readonly string[] {
  const explain = findingExplainer(language)
  const { used, doubtful, sealedSince, lost, findings, leftOut, deliveriesHeld } = restored
  return [
    `bản sao lưu ${restored.name}`,
    ...used.map(
      ({ number, year, source }) => `số ${number}/${year}: ghi là đã dùng, không cấp lại (${SOURCES[source]})`,
    ),
    ...sealedSince.map(({ number, year }) => `số ${number}/${year}: đã đóng dấu sau lần sao lưu, hủy số, không ký lại`),
    ...doubtful.map(
      ({ path, number, year }) => `không tính số ${number}/${year} trong ${path}: không phải của cơ quan`,
    ),
    ...lost.map(sha256 => `thiếu tệp ${sha256}`),
    ...findings.map(finding => explain(finding).what),
    ...(deliveriesHeld > 0 ? [`${deliveriesHeld} bản chờ người xem trước khi gửi lại`] : []),
    ...leftOut.map(path => `phải cài lại: ${path}`),
    `dữ liệu cũ nằm trong ${restored.setAside}`,
  ]
}

const SOURCES: Readonly<Record<Restored['used'][number]['source'], string>> = {
  file: 'có tệp mang số này',
  database: 'theo cơ sở dữ liệu cũ',
  head: 'theo office.head.json',
  person: 'theo người quản trị',
}
