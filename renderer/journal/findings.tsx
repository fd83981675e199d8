import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalFinding } from '../../electron/api/contract/journal.ts'
import { routeHash } from '../shell/route.ts'

const SHOWN_FIRST = 50

/** Each place that differs, in a sentence; those with the same thing to do stand together. */
export function Findings({ findings }: { readonly findings: readonly JournalFinding[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const shown = all ? findings : findings.slice(0, SHOWN_FIRST)
  const byTodo = Map.groupBy(shown, ({ todo }) => todo)
  return (
    <div className="journal-findings">
      {[...byTodo].map(([todo, group]) => (
        <div key={todo}>
          <ul>
            {group.map(({ what, copyId }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list of findings is drawn whole and never changed
              <li key={index}>
                {what}{' '}
                {copyId !== null && (
                  <a className="not-on-paper" href={routeHash({ screen: 'copy', copyId })}>
                    {t('journal.openCopy')}
                  </a>
                )}
              </li>
            ))}
          </ul>
          <p>
            <strong>{t('journal.todo')}</strong> {todo}
          </p>
        </div>
      ))}
      {shown.length < findings.length && (
        <Button className="not-on-paper" variant="default" onClick={() => setAll(true)}>
          {t('journal.allFindings', { n: findings.length })}
        </Button>
      )}
    </div>
  )
}
