import { IconCheck, IconUserEdit } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyItem } from '../../electron/api/contract/copies.ts'
import { DeadlineText } from '../design/deadline-text.tsx'
import { offerFocus } from '../design/offer-focus.ts'
import { StateBadge } from '../design/state-badge.tsx'
import { useRowKeys } from './use-row-keys.ts'
import './copy-table.css'

export type Column = 'requester' | 'pages' | 'due' | 'state' | 'number' | 'officer'

interface Ticking {
  readonly ids: ReadonlySet<string>
  readonly set: (ids: ReadonlySet<string>) => void
}

/** Copies as rows that the arrow keys walk through: Enter opens, Space ticks, Ctrl+A ticks all. */
export function CopyTable({
  label,
  copies,
  columns,
  current,
  onCurrent,
  onOpen,
  ticking,
  focusFirst = false,
  more,
}: {
  readonly label: string
  readonly copies: readonly CopyItem[]
  readonly columns: readonly Column[]
  /** The row shown beside the list, where the screen has such a place. */
  readonly current?: string | null
  readonly onCurrent?: (copy: CopyItem) => void
  readonly onOpen: (copy: CopyItem) => void
  readonly ticking?: Ticking
  readonly focusFirst?: boolean
  /** A further column of the screen's own. */
  readonly more?: { readonly title: string; readonly cell: (copy: CopyItem) => ReactNode }
}) {
  const { t } = useTranslation()
  const body = useRef<HTMLTableSectionElement>(null)
  const toggle = (id: string) => ticking?.set(ticking.ids.symmetricDifference(new Set([id])))
  const keys = useRowKeys(body, copies, {
    current: current ?? null,
    ...(onCurrent ? { onCurrent } : {}),
    onOpen,
    ...(ticking
      ? {
          onTick: copy => toggle(copy.id),
          onTickAll: () =>
            ticking.set(ticking.ids.size === copies.length ? new Set() : new Set(copies.map(copy => copy.id))),
        }
      : {}),
  })

  const wanted = useRef(focusFirst)
  useEffect(() => {
    if (!wanted.current || copies.length === 0) return
    wanted.current = false
    offerFocus(body.current?.querySelector('tr') ?? null)
  }, [copies.length])

  // A row that was signed or handed on goes away and takes the focus along: the next one gets it.
  const inside = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at after each change of the rows
  useEffect(() => {
    if (inside.current && document.activeElement === document.body)
      body.current?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus()
  }, [copies])

  return (
    <table
      className="copy-table"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are chosen and ticked by keys, which is a grid
      role="grid"
      aria-label={label}
      aria-multiselectable={ticking !== undefined}
    >
      <thead>
        <tr>
          {ticking && (
            <th className="col-tick">
              <span className="visually-hidden">{t('list.tick')}</span>
            </th>
          )}
          <th>{t('list.title')}</th>
          {columns.map(column => (
            <th key={column} className={`col-${column}`}>
              {t(`list.${column}`)}
            </th>
          ))}
          {more && <th className="col-more">{more.title}</th>}
        </tr>
      </thead>
      <tbody
        ref={body}
        onFocus={() => {
          inside.current = true
        }}
        onBlur={event => {
          if (event.relatedTarget) inside.current = false
        }}
      >
        {copies.map((copy, index) => {
          const ticked = ticking?.ids.has(copy.id) ?? false
          return (
            <tr
              key={copy.id}
              tabIndex={index === keys.tabStop ? 0 : -1}
              data-copy={copy.id}
              data-current={copy.id === current || undefined}
              {...(ticking ? { 'aria-selected': ticked } : {})}
              onKeyDown={event => keys.onKeyDown(event, index)}
              onFocus={event => keys.onFocus(event, index)}
              onClick={() => (onCurrent ? onCurrent(copy) : onOpen(copy))}
              onDoubleClick={() => onOpen(copy)}
            >
              {ticking && (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the row has the keys (Space)
                <td
                  className="col-tick"
                  onClick={event => {
                    event.stopPropagation()
                    toggle(copy.id)
                  }}
                >
                  <span className="tick" data-ticked={ticked || undefined} aria-hidden="true">
                    {ticked && <IconCheck size={14} stroke={3} />}
                  </span>
                </td>
              )}
              <td>
                <div className="copy-title">{copy.title}</div>
                <div className="copy-under">
                  {columns.includes('requester') ? copy.issuer : `${copy.requesterName} · ${copy.issuer}`}
                </div>
                {copy.remark && copy.state === 'draft' && <div className="copy-remark">{copy.remark}</div>}
                {copy.claim && (
                  <div className="copy-claim">
                    <IconUserEdit size={14} aria-hidden="true" /> {t('list.claimed', { name: copy.claim.personName })}
                  </div>
                )}
              </td>
              {columns.map(column => (
                <td key={column} className={`col-${column}`}>
                  <Cell column={column} copy={copy} />
                </td>
              ))}
              {more && <td className="col-more">{more.cell(copy)}</td>}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Cell({ column, copy }: { readonly column: Column; readonly copy: CopyItem }) {
  const { t } = useTranslation()
  switch (column) {
    case 'requester':
      return copy.requesterName
    case 'pages':
      return t('list.pagesOf', { pages: copy.pageCount, copies: copy.copyCount })
    case 'due':
      return <DeadlineText dueAt={copy.dueAt} />
    case 'state':
      return <StateBadge state={copy.state} />
    case 'number':
      return copy.certification ? t('list.numberOf', { ...copy.certification }) : '–'
    case 'officer':
      return copy.officerName
  }
}
