import { Anchor, Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Dialog } from '../design/dialog.tsx'
import { ScrollPart } from '../design/scroll-part.tsx'
import { PdfView } from './pdf-view.tsx'
import './copy-view.css'
import './print-dialog.css'

interface PrintFile {
  readonly url: string
  readonly saveAs: string
  readonly words: string
}

/** Something printed into a file, to look at and to save. */
export function PrintDialog({
  title,
  label,
  pdf,
  other,
  onClose,
}: {
  readonly title: string
  readonly label: string
  readonly pdf: PrintFile
  /** The same as another kind of file. */
  readonly other?: PrintFile
  readonly onClose: () => void
}) {
  return (
    <Dialog onClose={onClose} size="80rem" title={title}>
      <div className="print-files">
        <Button
          component="a"
          href={pdf.url}
          download={pdf.saveAs}
          leftSection={<IconDownload size={18} />}
          data-autofocus
        >
          {pdf.words}
        </Button>
        {other && (
          <Anchor href={other.url} download={other.saveAs}>
            {other.words}
          </Anchor>
        )}
      </div>
      <ScrollPart className="copy-view print-paper" aria-label={label}>
        <PdfView url={pdf.url} label={label} />
      </ScrollPart>
    </Dialog>
  )
}
