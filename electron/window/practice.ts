import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PracticeParts } from '../api/context.ts'
import { PRACTICE } from '../sandbox/practice-state.ts'
import { samplePapers } from '../sandbox/sample-papers.ts'
import type { LaunchSoftTokenWorker } from '../sandbox/soft-token.ts'

export { startPracticeServices } from '../sandbox/practice-services.ts'

/** What marks a practice office that was made to its end. */
const finishedMark = (folder: string): string => join(folder, 'practice', 'finished')

/** From here on it counts as half made, whatever happens: the next `ensurePracticeOffice` makes it anew. */
export const giveUpPracticeOffice = (folder: string): Promise<void> => rm(finishedMark(folder), { force: true })

/** Makes the practice office where there is none, and anew where a crash left it half made. */
export async function ensurePracticeOffice(folder: string, now: Date, launch?: LaunchSoftTokenWorker): Promise<void> {
  const finished = finishedMark(folder)
  try {
    await access(finished)
    return
  } catch {
    await rm(folder, { recursive: true, force: true })
  }
  await mkdir(folder, { recursive: true })
  const { createPracticeOffice } = await import('../sandbox/practice-office.ts')
  await createPracticeOffice(folder, now, launch)
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
    const { drawPaper } = await import('../sandbox/papers.ts')
    const pages = await drawPaper(paperId, folder, folder)
    for (const [index, page] of pages.entries()) {
      signal?.throwIfAborted()
      const bytes = await readFile(page.path)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      yield { kind: 'page', page: index + 1, file: { ...page, bytes: bytes.byteLength, sha256 } }
    }
  },
}
