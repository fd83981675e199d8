import { SigningError, verifyPdf } from '../../native-signing/index.ts'
import { COPY_REGISTER } from '../office/register/numbers.ts'
import { readCopy } from '../office/verification/read-copy.ts'
import { beginsAsPdf, type NumberInFile } from './evidence.ts'

/** Whom the signers are is not asked: a signature counts by its certificate, which the office knows or not. */
const NOBODY = { trustAnchors: [], intermediates: [], crls: [] }

/** What a file says of itself as a certified copy of this program; null where it is none. */
export async function readNumberOfPdf(path: string): Promise<NumberInFile | null> {
  if (!(await beginsAsPdf(path))) return null
  try {
    const { metadata } = readCopy(path, null)
    const number = Number(metadata?.number)
    if (!metadata || !Number.isSafeInteger(number) || number < 1) return null
    const { signatures } = await verifyPdf(path, NOBODY)
    const intact = signatures.filter(each => each.kind === 'signature' && each.integrity === 'intact')
    return {
      kind: COPY_REGISTER,
      // a number belongs to its book's year
      year: Number(/\/(\d{4})-/.exec(metadata.book)?.[1] ?? metadata.date.slice(0, 4)),
      number,
      ...{ book: metadata.book, day: metadata.date, officeName: metadata.officeName },
      signedBy: intact.flatMap(({ signer }) => (signer ? [signer.sha256] : [])),
    }
  } catch (error) {
    if (error instanceof SigningError) return null
    throw error
  }
}
