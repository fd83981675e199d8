import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { PageMark } from './page-marks.tsx'

/** The reader of PDF files is large and not needed for the first screen: it is read when the first file is shown. */
const PdfPages = lazy(() => import('./pdf-pages.tsx'))

/** A PDF file as it is, page under page, with places marked on it. */
export function PdfView(file: {
  readonly url: string | Blob
  readonly label: string
  readonly marks?: readonly PageMark[]
}) {
  const { t } = useTranslation()
  return (
    <Suspense fallback={<p role="status">{t('general.loading')}</p>}>
      <PdfPages {...file} />
    </Suspense>
  )
}
