import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../design/dialog.tsx'
import { Keys } from '../design/key-hint.tsx'
import { GROUPS, SHORTCUTS, type ShortcutName } from './shortcuts.ts'
import { useShortcut } from './use-shortcut.ts'
import { useSingleKeys } from './use-single-keys.ts'

const SHOW = 'desk:shortcuts'

/** Opens the list from anywhere. */
export const showShortcuts = (): void => void window.dispatchEvent(new Event(SHOW))

const names = Object.keys(SHORTCUTS).filter((name): name is ShortcutName => name in SHORTCUTS)

export function ShortcutList() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [singleKeys] = useSingleKeys()
  useShortcut('shortcutList', showShortcuts)
  useShortcut('shortcutListKey', showShortcuts, { enabled: singleKeys })
  useEffect(() => {
    const show = () => setOpen(true)
    window.addEventListener(SHOW, show)
    return () => window.removeEventListener(SHOW, show)
  }, [])
  if (!open) return null
  return (
    <Dialog onClose={() => setOpen(false)} title={t('shortcuts.title')} size="xl">
      <div className="shortcut-groups">
        {GROUPS.map(group => (
          <section key={group} aria-labelledby={`shortcuts-${group}`}>
            <h3 id={`shortcuts-${group}`}>{t(`shortcuts.group.${group}`)}</h3>
            <dl>
              {names
                .filter(name => SHORTCUTS[name].group === group)
                .map(name => (
                  <Pair key={name} name={name} />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

function Pair({ name }: { readonly name: ShortcutName }) {
  const { t } = useTranslation()
  return (
    <>
      <dt>{t(`shortcuts.${name}`)}</dt>
      <dd>
        <Keys keys={SHORTCUTS[name].keys} />
        <span className="visually-hidden">{SHORTCUTS[name].keys}</span>
      </dd>
    </>
  )
}
