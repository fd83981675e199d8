import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, run } from './cache.ts'
import { Helper } from './helper.ts'
import type { Peer } from './types.ts'

const VERSION = '0.4.2'

/** LibPDF signs; it does not verify. */
export async function startLibPdf(): Promise<Peer> {
  const folder = await cached(`libpdf-${VERSION}`, async place => {
    await writeFile(join(place, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `@libpdf/core@${VERSION}`], {
      cwd: place,
    })
  })
  const script = join(folder, 'peer.mjs')
  await copyFile(join(import.meta.dirname, 'libpdf', 'peer.mjs'), script)
  const helper = new Helper(process.execPath, [script])
  return {
    name: 'LibPDF',
    processId: helper.processId,
    async sign({ input, output, signer, level, timestampAuthority }) {
      const { keyStore, password } = signer
      await helper.ask({ input, output, keyStore, password, level, timestampAuthority })
    },
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  }
}
