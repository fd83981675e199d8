import type { PageViewport } from 'pdfjs-dist'
import type { Rectangle } from '../../electron/api/contract/verify.ts'

/** A place on a page that is pointed at; without a rectangle the whole page. */
export interface PageMark {
  /** From 1. */
  readonly page: number
  /** Points from the page's lower left corner. */
  readonly rectangle: Rectangle | null
  readonly tone: 'good' | 'warning' | 'error'
  readonly text: string
}

/** Room between a mark and what it is around, points. */
const AROUND = 4

/** Draws the marks of one page over its picture. @param viewport of the page at scale 1 */
export function PageMarks({
  viewport,
  marks,
}: {
  readonly viewport: PageViewport
  readonly marks: readonly PageMark[]
}) {
  const { width, height } = viewport
  return (
    <svg className="page-marks" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {marks.map((mark, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: marks of a finished report never move
        <rect key={index} data-tone={mark.tone} {...placeOf(mark.rectangle, viewport)}>
          <title>{mark.text}</title>
        </rect>
      ))}
    </svg>
  )
}

function placeOf(rectangle: Rectangle | null, viewport: PageViewport) {
  if (!rectangle) return { x: 2, y: 2, width: viewport.width - 4, height: viewport.height - 4 }
  const { x, y, width, height } = rectangle
  const [left = 0, top = 0] = viewport.convertToViewportPoint(x, y)
  const [right = 0, bottom = 0] = viewport.convertToViewportPoint(x + width, y + height)
  return {
    x: Math.min(left, right) - AROUND,
    y: Math.min(top, bottom) - AROUND,
    width: Math.abs(right - left) + 2 * AROUND,
    height: Math.abs(bottom - top) + 2 * AROUND,
  }
}
