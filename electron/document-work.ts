import type { CertifiedCopyLayout, CertifiedCopyRequest, Receipt, RegisterPrint } from './document/index.ts'
import type { PageLook } from './foreign/foreign-tasks.ts'
import type { VerifiedFile } from './office/verification/verify-file.ts'
import type { PageFile, RawPage } from './scanning/driver.ts'
import type { ImportFile } from './scanning/folder.ts'
import type { OfficeTrust } from './signing-parts.ts'

/** A file of anybody's that is to be judged. */
export interface FileToVerify {
  readonly path: string
  /** Null where none was given. */
  readonly password: string | null
}

/** Work on what strangers wrote, which may be made to do harm. */
export interface ForeignWork {
  /** A PDF by its ending, everything else as an image: the readers judge the content themselves. */
  readonly importFile: ImportFile
  /** Keeps one raw page of a scanner. @throws as `storePage` */
  storeRawPage(page: RawPage): Promise<PageFile>
  /** A stored page as a JPEG of the wanted width and turn. @throws where it cannot be decoded */
  look(look: PageLook): Promise<Uint8Array>
  /**
   * Judges a file's signatures by the office's trust, and the file as a certified copy.
   * @throws SigningError as `verifyPdf`; DocumentError document-work-stopped when the signal ended it
   */
  verify(
    file: FileToVerify,
    trust: OfficeTrust,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<VerifiedFile>
}

/** Work on documents that takes long: done where it is called, or by threads and processes of its own. */
export interface DocumentWork extends ForeignWork {
  /** @throws as `composeCertifiedCopy` */
  compose(request: CertifiedCopyRequest, out: string): Promise<CertifiedCopyLayout>
  printRegister(print: RegisterPrint, files: { readonly pdf: string; readonly xlsx: string }): Promise<void>
  printReceipt(receipt: Receipt, out: string): Promise<void>
}

/** Pixels of the largest stored page that is looked at: as a scanner may give it. */
const LARGEST_LOOK = 600_000_000

const documents = () => import('./document/index.ts')

/** In the thread that calls. The libraries are read when they are first needed. */
export const documentsHere: DocumentWork = {
  compose: async (request, out) => (await documents()).composeCertifiedCopy(request, out),
  importFile: async function* (path, directory, options) {
    const { importPdf, readImage } = await documents()
    yield* (path.toLowerCase().endsWith('.pdf') ? importPdf : readImage)(path, directory, options)
  },
  storeRawPage: async page => (await import('./scanning/page-store.ts')).storePage(page),
  look: async ({ path, turn, width }) => {
    const { default: sharp } = await import('sharp')
    const turned = sharp(path, { limitInputPixels: LARGEST_LOOK }).rotate(turn)
    const sized = width === null ? turned : turned.resize({ width, withoutEnlargement: true })
    return sized.jpeg({ quality: 82 }).toBuffer()
  },
  printRegister: async (print, { pdf, xlsx }) => {
    const { renderRegisterPdf, renderRegisterXlsx } = await documents()
    await renderRegisterPdf(print, pdf)
    await renderRegisterXlsx(print, xlsx)
  },
  printReceipt: async (receipt, out) => {
    await (await documents()).renderReceipt(receipt, out)
  },
  verify: async ({ path, password }, { folder, trust }) => {
    const [{ verifyFile }, { readTrust }] = await Promise.all([
      import('./office/verification/verify-file.ts'),
      import('./signing-parts.ts'),
    ])
    return verifyFile(path, { ...(await readTrust(folder, trust)), password: password ?? undefined })
  },
}
