import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { altered } from '../signing/support.ts'

/** What somebody does to a document in an update. */
export type Edit = (update: IncrementalUpdate, document: PdfDocument) => void

/** The file with an update behind it. @returns its path */
export const edited = (source: string, output: string, edit: Edit): string =>
  altered(source, output, bytes => {
    const document = PdfDocument.open(new MemorySource(bytes))
    const update = new IncrementalUpdate(document)
    edit(update, document)
    return Buffer.concat([bytes, update.write().bytes])
  })
