import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'

/** The reader of PDF files is large and not needed for the first screen: it is read when the first file is shown. */
const PdfPages = lazy(() => import('./pdf-pages.tsx'))

/** A PDF file as it is, page under page. */
export function PdfView({ url, label }: { readonly url: string; readonly label: string }) {
  const { t } = useTranslation()
  return (
    <Suspense fallback={<p role="status">{t('general.loading')}</p>}>
      <PdfPages url={url} label={label} />
    </Suspense>
  )
}
