import { ActionIcon, CloseButton } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type HelpTopic, useHelp } from '../shell/help.tsx'
import { SHORTCUTS } from '../shell/shortcuts.ts'
import './screen.css'

/** The frame of every screen: its name, what can be done, its help beside it. The name takes the focus when the screen opens. */
export function Screen({
  title,
  subtitle,
  actions,
  help,
  children,
  filled = false,
  reading = false,
}: {
  readonly title: string
  readonly subtitle?: ReactNode
  readonly actions?: ReactNode
  readonly help: HelpTopic
  readonly children: ReactNode
  /** The screen scrolls its own parts. */
  readonly filled?: boolean
  /** Nothing below the header takes the focus, so the text itself does: it must be scrolled by keys too. */
  readonly reading?: boolean
}) {
  const { t } = useTranslation()
  const { open, toggle } = useHelp()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // A field or row that asked for the focus itself keeps it.
    if (!document.activeElement || document.activeElement === document.body) heading.current?.focus()
  }, [])
  return (
    <div className="screen">
      <main className="screen-main" aria-labelledby="screen-title">
        <header className="screen-header">
          <div className="screen-title">
            <h1 id="screen-title" ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {subtitle && <div className="quiet screen-subtitle">{subtitle}</div>}
          </div>
          <div className="screen-actions">
            {actions}
            <ActionIcon
              variant={open ? 'light' : 'subtle'}
              size="lg"
              aria-label={t('help.button')}
              title={`${t('help.button')} (${SHORTCUTS.help.keys})`}
              aria-expanded={open}
              aria-keyshortcuts={SHORTCUTS.help.keys}
              onClick={toggle}
            >
              <IconHelpCircle size={22} />
            </ActionIcon>
          </div>
        </header>
        <div
          className={filled ? 'screen-body screen-body-filled' : 'screen-body'}
          {...(reading ? { tabIndex: 0, role: 'region', 'aria-labelledby': 'screen-title' } : {})}
        >
          {children}
        </div>
      </main>
      {open && (
        <aside className="help" aria-labelledby="help-title">
          <div className="help-head">
            <h2 id="help-title">{t(`help.${help}.title`)}</h2>
            <CloseButton aria-label={t('general.close')} onClick={toggle} />
          </div>
          {t(`help.${help}.text`)
            .split('\n')
            .map(paragraph => (
              <p key={paragraph}>{paragraph}</p>
            ))}
        </aside>
      )}
    </div>
  )
}
