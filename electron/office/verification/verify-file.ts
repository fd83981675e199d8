import { type VerificationOptions, verifyPdf } from '../../../native-signing/index.ts'
import type { VerificationReport } from '../../../native-signing/types.ts'
import { type CopyVerdict, verifyCopy } from './judge-copy.ts'

/** What a file is worth: its signatures, and the file as a certified copy of ours; null where it is none. */
export interface VerifiedFile {
  readonly report: VerificationReport
  readonly copy: CopyVerdict | null
}

/** Verifies any PDF and judges it as a certified copy. @throws SigningError as `verifyPdf` */
export async function verifyFile(path: string, options: VerificationOptions): Promise<VerifiedFile> {
  const report = await verifyPdf(path, options)
  return { report, copy: verifyCopy(path, report, options.password) }
}
