import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ForeignFiles } from '../../electron/foreign/foreign-files.ts'
import { foreignEnvironment } from '../../electron/foreign/foreign-process.ts'
import { deskScanner, importFiles } from '../../electron/scanners.ts'
import { childrenOf, lives, watchChildren } from '../support/child-memory.ts'
import { hostileFiles, looping, uncountable } from '../support/hostile-pdfs.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { run, scannedPage } from './document-support.ts'

/** What is promised of the memory of a process for strangers' files. */
const GIGABYTE = 1e9

async function pagesOf(foreign: ForeignFiles, path: string, folder: TemporaryFolder, signal?: AbortSignal) {
  const pages: string[] = []
  for await (const page of foreign.importFile(path, folder.file('pages'), { firstPage: 1, ...(signal && { signal }) }))
    pages.push(page.image.path)
  return pages
}

function written(folder: TemporaryFolder, name: string, bytes: Uint8Array): string {
  writeFileSync(folder.file(name), bytes)
  return folder.file(name)
}

describe('a file that asks for more than paper does is refused before it is drawn', () => {
  test.each(Object.entries(hostileFiles))(
    '%s',
    async (_, { ending, make }) => {
      using folder = temporaryFolder()
      const path = written(folder, `strange.${ending}`, await make())
      await using foreign = new ForeignFiles()
      using memory = watchChildren()
      await expect(pagesOf(foreign, path, folder)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:page-asks-too-much|page-memory-exceeded|too-many-pages|image-too-large)$/),
        parameters: { file: `strange.${ending}` },
      })
      expect(memory.peak).toBeGreaterThan(0)
      expect(memory.peak).toBeLessThan(GIGABYTE)
      expect(readdirSync(folder.file('pages'))).toEqual([])
    },
    120_000,
  )

  test('one that is locked against changes too', async () => {
    using folder = temporaryFolder()
    const laughs = hostileFiles['forms that each draw the next twice']
    const path = written(folder, 'open.pdf', Buffer.from((await laughs?.make()) ?? ''))
    for (const bits of ['128', '256']) {
      const options = bits === '128' ? ['--use-aes=y'] : []
      run('qpdf', '--encrypt', '', 'owner', bits, ...options, '--', path, folder.file('locked.pdf'))
      await using foreign = new ForeignFiles()
      await expect(pagesOf(foreign, folder.file('locked.pdf'), folder)).rejects.toMatchObject({
        code: 'page-asks-too-much',
      })
    }
  })

  test('one that only looks like it is read', async () => {
    using folder = temporaryFolder()
    await using foreign = new ForeignFiles()
    expect(await pagesOf(foreign, written(folder, 'loop.pdf', looping()), folder)).toHaveLength(1)
  })
})

describe('what cannot be counted', () => {
  test.each([
    // A machine with much else to do may need all its time for the memory.
    ['memory', /^page-(?:memory|time)-exceeded$/],
    ['time', /^page-time-exceeded$/],
  ] as const)(
    'is stopped by its %s, with the page it was at',
    async (kind, codes) => {
      using folder = temporaryFolder()
      const path = written(folder, 'busy.pdf', await uncountable[kind]())
      await using foreign = new ForeignFiles()
      using memory = watchChildren()
      await expect(pagesOf(foreign, path, folder)).rejects.toMatchObject({
        code: expect.stringMatching(codes),
        parameters: { file: 'busy.pdf', page: 1 },
      })
      expect(memory.peak).toBeLessThan(GIGABYTE)
      await expect.poll(() => childrenOf(process.pid).filter(lives)).toEqual([])
    },
    180_000,
  )

  test('is said to the person as what it is', async () => {
    using folder = temporaryFolder()
    await using foreign = new ForeignFiles()
    const path = written(folder, 'busy.pdf', await uncountable.memory())
    const importing = Array.fromAsync(importFiles(deskScanner({}, foreign), [path], folder.file('pages')))
    await expect(importing).rejects.toMatchObject({
      code: expect.stringMatching(/^import-page-too-(?:much|slow)$/),
      parameters: { file: 'busy.pdf', pages: 0 },
    })
  }, 120_000)

  test('ends at once when it is stopped, takes what it made along, and the next file comes', async () => {
    using folder = temporaryFolder()
    const busy = written(folder, 'busy.pdf', uncountable.time())
    const good = (await scannedPage(folder.file('good.jpg'))).path
    await using foreign = new ForeignFiles()
    const stop = new AbortController()
    const stopped = pagesOf(foreign, busy, folder, stop.signal).catch((error: unknown) => error)
    await expect.poll(() => childrenOf(process.pid).filter(lives).length).toBe(1)
    expect(await pagesOf(foreign, good, folder)).toHaveLength(1)
    stop.abort()
    expect(await stopped).toMatchObject({ code: 'document-work-stopped' })
    expect(readdirSync(folder.file('pages'))).toEqual(['page-0001.jpg'])
    expect(await pagesOf(foreign, good, folder)).toHaveLength(1)
  }, 120_000)

  test('several at once do one another no harm, and none to a good file', async () => {
    using folder = temporaryFolder()
    const greedy = written(folder, 'greedy.pdf', await uncountable.memory())
    const good = (await scannedPage(folder.file('good.jpg'))).path
    await using foreign = new ForeignFiles()
    const greediness = [1, 2, 3].map(() => pagesOf(foreign, greedy, folder).catch((error: unknown) => error))
    expect(await pagesOf(foreign, good, folder)).toHaveLength(1)
    for (const each of await Promise.all(greediness))
      expect(each).toMatchObject({ code: expect.stringMatching(/^page-(?:memory|time)-exceeded$/) })
    expect(await pagesOf(foreign, good, folder)).toHaveLength(1)
  }, 180_000)
})

describe('a stored page', () => {
  test('is looked at in such a process, small and turned', async () => {
    using folder = temporaryFolder()
    const { path } = await scannedPage(folder.file('good.jpg'))
    await using foreign = new ForeignFiles()
    const pictures = await Promise.all([0, 90, 180].map(() => foreign.look({ path, turn: 90, width: 300 })))
    const { default: sharp } = await import('sharp')
    for (const picture of pictures)
      expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 300 })
  })

  test('that eats memory harms nobody who looks at another one meanwhile', async () => {
    using folder = temporaryFolder()
    const { path } = await scannedPage(folder.file('good.jpg'))
    const png = hostileFiles['a PNG of 50000 × 50000 dots']
    const huge = written(folder, 'huge.png', Buffer.from((await png?.make()) ?? ''))
    await using foreign = new ForeignFiles()
    using memory = watchChildren()
    const [bad, ...good] = await Promise.allSettled([
      foreign.look({ path: huge, turn: 90, width: null }),
      ...[200, 300, 400].map(width => foreign.look({ path, turn: 0, width })),
    ])
    expect(bad?.status).toBe('rejected')
    expect(good.map(each => each.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
    expect(memory.peak).toBeLessThan(GIGABYTE)
  }, 120_000)
})

test("a process for strangers' files knows no secret of this one's environment", () => {
  process.env['CTDESK_TEST_PIN'] = '12345678'
  try {
    expect(Object.keys(foreignEnvironment())).not.toContain('CTDESK_TEST_PIN')
    expect(foreignEnvironment()['PATH']).toBe(process.env['PATH'])
  } finally {
    delete process.env['CTDESK_TEST_PIN']
  }
})

describe('ctdesk compose of a file that keeps it busy', () => {
  const program = join(import.meta.dirname, '../../electron/cli/ctdesk.ts')

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    '%s ends it, and its process',
    async signal => {
      using folder = temporaryFolder()
      const busy = written(folder, 'busy.pdf', uncountable.time())
      const child = spawn(process.execPath, [program, '--json', 'compose', busy, '--out', folder.file('out.pdf')], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, TMPDIR: folder.path },
      })
      let said = ''
      child.stdout.setEncoding('utf8').on('data', text => {
        said += text
      })
      await expect.poll(() => childrenOf(child.pid ?? 0).length).toBe(1)
      const [worker = 0] = childrenOf(child.pid ?? 0)
      const closed = once(child, 'close')
      child.kill(signal)
      const [status] = await closed
      await expect.poll(() => lives(worker)).toBe(false)
      expect(existsSync(folder.file('out.pdf'))).toBe(false)
      if (signal === 'SIGKILL') return
      expect(status).toBe(2)
      expect(JSON.parse(said)).toMatchObject({ error: { code: 'scan-cancelled' } })
      expect(readdirSync(folder.path).filter(name => name.startsWith('ctdesk'))).toEqual([])
    },
    120_000,
  )
})
