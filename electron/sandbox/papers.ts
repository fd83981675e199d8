import { join } from 'node:path'
import type { PageImage } from '../document/types.ts'
import { writeFileDurably } from '../files.ts'
import { birthCertificate, marriageCertificate, residenceConfirmation } from './paper-civil.ts'
import { type Chance, chanceFrom } from './paper-ink.ts'
import { courseCertificate, decision, drivingLicence } from './paper-office.ts'
import { SCAN_DPI, type Sheet, scanSheet } from './paper-scan.ts'
import { diploma, transcript } from './paper-school.ts'
import { type SamplePaperId, samplePapers } from './sample-papers.ts'

export { drawSeal, drawSignature } from './paper-marks.ts'

const SHEETS: Readonly<Record<SamplePaperId, (chance: Chance) => readonly Sheet[]>> = {
  'birth-certificate': birthCertificate,
  'residence-confirmation': residenceConfirmation,
  decision,
  diploma,
  'driving-licence': drivingLicence,
  transcript,
  'marriage-certificate': marriageCertificate,
  'course-certificate': courseCertificate,
}

/**
 * Draws one original as a flatbed would have scanned it (300 dpi, JPEG) into `directory`; the same id and seed give the same bytes.
 * @throws RangeError when there is no such paper
 */
export async function drawPaper(id: string, seed: string | number, directory: string): Promise<readonly PageImage[]> {
  const paper = samplePapers().find(each => each.id === id)
  if (!paper) throw new RangeError(`there is no sample paper ${id}`)
  const chance = chanceFrom('paper', id, seed)
  const pages: PageImage[] = []
  for (const [index, sheet] of SHEETS[paper.id](chance).entries()) {
    const { jpeg, widthPx, heightPx } = await scanSheet(sheet, chance)
    const path = join(directory, `${id}-${String(index + 1).padStart(2, '0')}.jpg`)
    await writeFileDurably(path, jpeg)
    pages.push({ path, mediaType: 'image/jpeg', widthPx, heightPx, dpi: SCAN_DPI })
  }
  return pages
}
