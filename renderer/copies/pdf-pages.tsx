import {
  GlobalWorkerOptions,
  type PageViewport,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  type RenderTask,
} from 'pdfjs-dist'
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import { ErrorBox } from '../design/error-notice.tsx'
import { type PageMark, PageMarks } from './page-marks.tsx'
import { openPdf } from './pdf-source.ts'
import { useNear } from './use-near.ts'

GlobalWorkerOptions.workerSrc = worker

const NO_MARKS: readonly PageMark[] = []

/** A PDF file as it is, page under page; only pages near the window are drawn. */
export default function PdfPages({
  url,
  label,
  marks = NO_MARKS,
}: {
  readonly url: string | Blob
  readonly label: string
  readonly marks?: readonly PageMark[]
}) {
  const { t } = useTranslation()
  const [document, setDocument] = useState<PDFDocumentProxy | null>(null)
  const [fault, setFault] = useState<ErrorNotice | null>(null)
  const notShown = useCallback(
    () => setFault({ code: 'pdf-not-shown', what: t('copy.notShown'), todo: t('copy.notShownTodo') }),
    [t],
  )
  useEffect(() => {
    const stop = new AbortController()
    const gone = stop.signal
    setFault(null)
    let loading: PDFDocumentLoadingTask | null = null
    const open = async () => {
      loading = await openPdf(url, stop, notShown)
      if (gone.aborted) return loading.destroy()
      const loaded = await loading.promise
      if (!gone.aborted) setDocument(loaded)
    }
    open().catch(() => gone.aborted || notShown())
    return () => {
      stop.abort()
      setDocument(null)
      void loading?.destroy()
    }
  }, [url, notShown])
  if (fault) return <ErrorBox notice={fault} />
  if (!document) return <p role="status">{t('general.loading')}</p>
  const numbers = Array.from({ length: document.numPages }, (_, index) => index + 1)
  return numbers.map(number => (
    <PdfPage
      key={number}
      document={document}
      number={number}
      label={label}
      marks={marks.filter(({ page }) => page === number)}
      onFault={notShown}
    />
  ))
}

function PdfPage({
  document,
  number,
  label,
  marks,
  onFault,
}: {
  readonly document: PDFDocumentProxy
  readonly number: number
  readonly label: string
  readonly marks: readonly PageMark[]
  /** Not for a page that goes away while it is drawn. */
  readonly onFault: () => void
}) {
  const { t } = useTranslation()
  const [canvas, near] = useNear<HTMLCanvasElement>()
  const [size, setSize] = useState<PageViewport | null>(null)
  useEffect(() => {
    const place = canvas.current
    if (!near || !place) return
    let drawing: RenderTask | null = null
    let gone = false
    const draw = async () => {
      const page = await document.getPage(number)
      // What comes back while it is still read is drawn by its last turn alone: two drawings on one canvas are a fault.
      if (gone) return
      const size = page.getViewport({ scale: 1 })
      setSize(size)
      const viewport = page.getViewport({ scale: (place.clientWidth * window.devicePixelRatio) / size.width })
      place.width = viewport.width
      place.height = viewport.height
      place.style.aspectRatio = `${viewport.width} / ${viewport.height}`
      drawing = page.render({ canvas: place, viewport })
      await drawing.promise
      page.cleanup()
    }
    draw().catch(() => gone || onFault())
    return () => {
      gone = true
      drawing?.cancel()
      // A page that is far away gives its picture back: a long copy would else hold all of them.
      place.width = 0
      place.height = 0
    }
  }, [canvas, near, document, number, onFault])
  const name = `${label}, ${t('copy.page', { n: number, total: document.numPages })}`
  return (
    <figure className="copy-page">
      <div className="copy-page-picture">
        <canvas ref={canvas} role="img" aria-label={name} width={1240} height={1754} />
        {size && marks.length > 0 && <PageMarks viewport={size} marks={marks} />}
      </div>
      <figcaption>
        {[t('copy.page', { n: number, total: document.numPages }), ...marks.map(({ text }) => text)].join(' · ')}
      </figcaption>
    </figure>
  )
}
