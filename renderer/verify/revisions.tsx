import { type Ref, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChangeItem, VerificationItem } from '../../electron/api/contract/verify.ts'
import type { PageMark } from '../copies/page-marks.tsx'
import { PdfView } from '../copies/pdf-view.tsx'
import { ScrollPart } from '../design/scroll-part.tsx'
import { type Revision, revisionsOf } from './revisions.ts'
import '../copies/copy-view.css'

const TONES = { permitted: 'good', hides: 'warning', forbidden: 'error' } as const

const marksOf = (changes: readonly ChangeItem[]): readonly PageMark[] =>
  changes.flatMap(({ page, rectangle, judged, text }) =>
    page === null ? [] : [{ page, rectangle, tone: TONES[judged], text }],
  )

/** The pages of the file, as it is and as it was at each signature, with what had been changed by then marked on them. */
export function Revisions({
  file,
  result,
  pages,
}: {
  readonly file: File
  readonly result: VerificationItem
  /** The part that holds the pages. */
  readonly pages: Ref<HTMLElement>
}) {
  const { t } = useTranslation()
  const revisions = useMemo(() => revisionsOf(result), [result])
  const [chosen, setChosen] = useState(revisions.length - 1)
  const revision = revisions[chosen] ?? revisions[0]
  const shown = useMemo(() => (revision?.end ? file.slice(0, revision.end, file.type) : file), [file, revision])
  const marks = useMemo(() => marksOf(revision?.changes ?? []), [revision])
  if (!revision) return null
  const name = ({ signature }: Revision): string =>
    signature === null
      ? t('verify.revisionNow')
      : t(signature.kind === 'document-timestamp' ? 'verify.revisionStamped' : 'verify.revisionOf', {
          name: signature.signerName,
        })
  return (
    <div className="verify-pages">
      {revisions.length > 1 && (
        <fieldset className="verify-revisions">
          <legend>{t('verify.revisions')}</legend>
          {revisions.map((each, index) => (
            <label key={each.end ?? 'now'}>
              <input type="radio" name="revision" checked={index === chosen} onChange={() => setChosen(index)} />
              {name(each)}
            </label>
          ))}
        </fieldset>
      )}
      <ScrollPart ref={pages} className="copy-view" aria-label={t('verify.pages', { revision: name(revision) })}>
        <PdfView url={shown} label={result.fileName} marks={marks} />
      </ScrollPart>
    </div>
  )
}
