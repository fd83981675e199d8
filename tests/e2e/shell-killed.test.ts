import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ScanNews } from '../../electron/api/contract/scanning.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { clientOf, receivePaper, toldBy, workAs } from './support/client.ts'
import { launchDesk } from './support/launch.ts'

const profile = {
  deviceId: 'sane:test',
  source: 'feeder',
  sides: 'front',
  dpi: 150,
  colour: 'grey',
  paper: { widthMm: 120, heightMm: 160 },
} as const

test('the program killed while it scans: every page that was told is there again, and what lay between is found', async () => {
  using folder = temporaryFolder()
  const before = await launchDesk({ dataFolder: folder.path, practice: true })
  const client = await clientOf(before)
  await workAs(client, 'officer')
  const copy = await receivePaper(client, 'Hồ sơ quét dở (mẫu)')
  const told: string[] = []
  await new Promise<void>((resolve, reject) =>
    client.scanning.scan.subscribe(
      { jobId: 'scan', copy: { id: copy.id, version: copy.version }, profile },
      {
        onData: (news: ScanNews) => {
          if (news.kind === 'page') told.push(news.page.id)
          if (told.length === 3) resolve()
        },
        onError: reject,
      },
    ),
  )
  await before.kill()

  // A page that the scanner had just delivered, not yet the copy's.
  const incoming = join(folder.path, 'practice-office', 'incoming', copy.id)
  mkdirSync(incoming, { recursive: true })
  const orphan = await sharp({ create: { width: 700, height: 900, channels: 3, background: '#eeeeee' } })
    .jpeg()
    .toBuffer()
  writeFileSync(join(incoming, 'page-0099.jpg'), orphan)

  await using after = await launchDesk({ dataFolder: folder.path })
  const again = await clientOf(after)
  await workAs(again, 'officer')
  const found = await again.copies.read.query({ copyId: copy.id })
  const ids = found.pages.map(page => page.id)
  expect(ids.slice(0, told.length)).toEqual(told)

  const { id, version } = found.copy
  const recovered = (
    await toldBy<ScanNews>(observer =>
      again.scanning.recover.subscribe({ jobId: 'recover', copy: { id, version } }, observer),
    )
  ).at(-1)
  if (recovered?.kind !== 'finished') throw new Error('not finished')
  expect(recovered.fault).toBeNull()
  expect(recovered.added).toBeGreaterThanOrEqual(1)
  expect(recovered.pages.at(-1)).toMatchObject({ widthPx: 700, heightPx: 900 })

  const { version: newest } = recovered.copy
  const nothing = await toldBy<ScanNews>(observer =>
    again.scanning.recover.subscribe({ jobId: 'recover-2', copy: { id, version: newest } }, observer),
  )
  expect(nothing.at(-1)).toMatchObject({ kind: 'finished', added: 0, fault: null })
  expect(readdirSync(incoming).filter(name => name.startsWith('page-'))).toEqual([])
  expect(readFileSync(join(folder.path, 'logs', 'desk.log'), 'utf8')).not.toContain('could not start')
})
