import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PracticeParts } from '../api/context.ts'
import { drawPaper, samplePapers } from '../sandbox/papers.ts'
import { createPracticeOffice, PRACTICE } from '../sandbox/practice-office.ts'

export { startPracticeServices } from '../sandbox/practice-services.ts'

/** Makes the practice office where there is none, and anew where a crash left it half made. */
export async function ensurePracticeOffice(folder: string, now: Date): Promise<void> {
  const finished = join(folder, 'practice', 'finished')
  try {
    await access(finished)
    return
  } catch {
    await rm(folder, { recursive: true, force: true })
  }
  await mkdir(folder, { recursive: true })
  await createPracticeOffice(folder, now)
  await writeFile(finished, '')
}

/** What a person who learns may see: the soft tokens' PINs and the invented papers. */
export const practiceParts: PracticeParts = {
  state: async () => ({
    tokens: [
      { kind: 'signature', ...PRACTICE.tokens.signer },
      { kind: 'seal', ...PRACTICE.tokens.organisation },
    ],
    papers: samplePapers(),
  }),

  async *lay(paperId, folder, signal) {
    await mkdir(folder, { recursive: true })
    const pages = await drawPaper(paperId, folder, folder)
    for (const [index, page] of pages.entries()) {
      signal?.throwIfAborted()
      const bytes = await readFile(page.path)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      yield { kind: 'page', page: index + 1, file: { ...page, bytes: bytes.byteLength, sha256 } }
    }
  },
}
