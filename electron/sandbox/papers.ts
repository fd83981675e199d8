import { join } from 'node:path'
import type { PageImage } from '../document/types.ts'
import { writeFileDurably } from '../files.ts'
import { birthCertificate, marriageCertificate, residenceConfirmation } from './paper-civil.ts'
import { type Chance, chanceFrom } from './paper-ink.ts'
import { courseCertificate, decision, drivingLicence } from './paper-office.ts'
import { SCAN_DPI, type Sheet, scanSheet } from './paper-scan.ts'
import { diploma, transcript } from './paper-school.ts'

export { drawSeal, drawSignature } from './paper-marks.ts'

/** A kind of original that the sandbox can draw. */
export interface SamplePaper {
  readonly id: string
  /** As the register names the original. */
  readonly title: string
  readonly pages: number
}

interface Recipe extends SamplePaper {
  readonly sheets: (chance: Chance) => readonly Sheet[]
}

const RECIPES: readonly Recipe[] = [
  { id: 'birth-certificate', title: 'Giấy khai sinh', pages: 1, sheets: birthCertificate },
  { id: 'residence-confirmation', title: 'Giấy xác nhận cư trú', pages: 1, sheets: residenceConfirmation },
  { id: 'decision', title: 'Quyết định công nhận tổ hợp tác', pages: 3, sheets: decision },
  { id: 'diploma', title: 'Bằng tốt nghiệp trung học phổ thông', pages: 1, sheets: diploma },
  { id: 'driving-licence', title: 'Giấy phép lái xe', pages: 2, sheets: drivingLicence },
  { id: 'transcript', title: 'Bảng điểm trung học phổ thông', pages: 1, sheets: transcript },
  { id: 'marriage-certificate', title: 'Giấy chứng nhận kết hôn', pages: 1, sheets: marriageCertificate },
  { id: 'course-certificate', title: 'Chứng chỉ sơ cấp nghề', pages: 1, sheets: courseCertificate },
]

/** The originals that can be drawn, all invented, each marked as a sample. */
export function samplePapers(): readonly SamplePaper[] {
  return RECIPES.map(({ id, title, pages }) => ({ id, title, pages }))
}

/**
 * Draws one original as a flatbed would have scanned it (300 dpi, JPEG) into `directory`; the same id and seed give the same bytes.
 * @throws RangeError when there is no such paper
 */
export async function drawPaper(id: string, seed: string | number, directory: string): Promise<readonly PageImage[]> {
  const recipe = RECIPES.find(paper => paper.id === id)
  if (!recipe) throw new RangeError(`there is no sample paper ${id}`)
  const chance = chanceFrom('paper', id, seed)
  const pages: PageImage[] = []
  for (const [index, sheet] of recipe.sheets(chance).entries()) {
    const { jpeg, widthPx, heightPx } = await scanSheet(sheet, chance)
    const path = join(directory, `${id}-${String(index + 1).padStart(2, '0')}.jpg`)
    await writeFileDurably(path, jpeg)
    pages.push({ path, mediaType: 'image/jpeg', widthPx, heightPx, dpi: SCAN_DPI })
  }
  return pages
}
