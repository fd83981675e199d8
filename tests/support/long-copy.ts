import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openDesk } from '../../electron/desk.ts'
import { drawPaper } from '../../electron/sandbox/papers.ts'
import { practiceActor } from '../../electron/sandbox/practice-office.ts'
import { importFiles } from '../../electron/scanners.ts'

/**
 * A copy with many scanned pages in a practice office.
 * @param submitted whether it waits for the chairman already
 * @returns its id
 */
export async function longCopy(officeFolder: string, pageCount: number, submitted = false): Promise<string> {
  const desk = await openDesk(officeFolder)
  try {
    const officer = await practiceActor(desk, 'officer')
    const { copies } = await desk.office.requests.receive(officer, {
      requester: { name: 'Người thử (mẫu)', personalNumber: '099090000017', email: null, phone: null },
      originals: [
        { title: `Hồ sơ ${pageCount} trang (mẫu)`, kind: 'Giấy tờ khác', issuer: 'UBND xã Mẫu', copyCount: 1 },
      ],
    })
    const [copy] = copies
    if (!copy) throw new Error('no copy')
    const folder = join(officeFolder, 'long-copy')
    await mkdir(folder, { recursive: true })
    const drawn = [...(await drawPaper('decision', 1, folder)), ...(await drawPaper('driving-licence', 1, folder))]
    const files = Array.from({ length: pageCount }, (_, index) => drawn[index % drawn.length]?.path ?? '')
    const pages = await Array.fromAsync(importFiles(desk.scanner, files, desk.incomingFolder(copy.id)))
    const filled = await desk.office.copies.addPages(officer, copy, pages)
    if (submitted)
      await desk.office.copies.submit(officer, filled, { comparedWithOriginal: true, allPagesPresent: true })
    return copy.id
  } finally {
    await desk.close()
  }
}
