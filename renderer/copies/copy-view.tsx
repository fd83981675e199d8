import { useTranslation } from 'react-i18next'
import type { CopyDetail, PageItem } from '../../electron/api/contract/copies.ts'
import { useCopy, useStatement } from '../data/copies.ts'
import { Answer } from '../design/answer.tsx'
import { ScrollPart } from '../design/scroll-part.tsx'
import { PdfView } from './pdf-view.tsx'
import { useNear } from './use-near.ts'
import './copy-view.css'

/** A copy to look at: the signed file where there is one, else its pages and the statement as it will stand on the last of them. */
export function CopyView({ copyId }: { readonly copyId: string }) {
  const copy = useCopy(copyId)
  return <Answer query={copy}>{detail => <Looked detail={detail} />}</Answer>
}

function Looked({ detail }: { readonly detail: CopyDetail }) {
  const { t } = useTranslation()
  const { copy, pages, files } = detail
  const file = files.sealed ?? files.signed
  return (
    <ScrollPart className="copy-view" aria-label={t('copy.view', { title: copy.title })}>
      {file ? (
        <PdfView url={file} label={copy.title} />
      ) : (
        <>
          {pages.map((page, index) => (
            <PagePicture key={page.id} page={page} number={index + 1} total={pages.length} />
          ))}
          <Statement copyId={copy.id} />
        </>
      )}
    </ScrollPart>
  )
}

/** One page as wide as there is room; one that is far away gives its picture back: a long copy would else hold all of them. */
function PagePicture({
  page,
  number,
  total,
}: {
  readonly page: PageItem
  readonly number: number
  readonly total: number
}) {
  const { t } = useTranslation()
  const [place, near] = useNear<HTMLElement>()
  const turned = page.rotation === 90 || page.rotation === 270
  const [width, height] = turned ? [page.heightPx, page.widthPx] : [page.widthPx, page.heightPx]
  return (
    <figure className="copy-page" ref={place}>
      <div className="copy-page-picture" style={{ aspectRatio: `${width} / ${height}` }}>
        {near && <img src={`${page.url}&width=1400`} alt={t('copy.page', { n: number, total })} decoding="async" />}
      </div>
      <figcaption>{t('copy.page', { n: number, total })}</figcaption>
    </figure>
  )
}

/** The statement's lines; the number is taken at the signature. */
export function Statement({ copyId }: { readonly copyId: string }) {
  const { t } = useTranslation()
  const statement = useStatement(copyId)
  return (
    <Answer query={statement}>
      {({ lines, number, officeName }) => (
        <figure className="statement">
          <figcaption>{t(number === null ? 'copy.statementBefore' : 'copy.statement')}</figcaption>
          <div className="statement-paper" lang="vi">
            <p className="statement-office">{officeName}</p>
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fixed lines in a fixed order
              <p key={index} data-line={index}>
                {line}
              </p>
            ))}
          </div>
        </figure>
      )}
    </Answer>
  )
}
