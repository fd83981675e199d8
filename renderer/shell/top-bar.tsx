import { ActionIcon, Avatar, Menu, TextInput, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import {
  IconCheck,
  IconKeyboard,
  IconLanguage,
  IconLock,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem, SessionState } from '../../electron/api/contract/session.ts'
import { useSessionActions } from '../data/session.ts'
import { KeyHint } from '../design/key-hint.tsx'
import { PasswordDialog } from '../settings/password-dialog.tsx'
import { Emblem } from './emblem.tsx'
import { LANGUAGES } from './language-switch.tsx'
import { initials } from './person-chooser.tsx'
import { go } from './route.ts'
import { showShortcuts } from './shortcut-list.tsx'
import { SHORTCUTS } from './shortcuts.ts'

/** Office, search, and who works here. */
export function TopBar({
  office,
  person,
  searched,
}: {
  readonly office: NonNullable<SessionState['office']>
  readonly person: PersonItem
  readonly searched: string
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(searched)
  useEffect(() => setText(searched), [searched])
  const search = (value: string) => {
    setText(value)
    if (value.trim() !== '') go({ screen: 'search', text: value })
  }
  return (
    <header className="top-bar">
      <div className="top-bar-office">
        <Emblem />
        <span title={office.name}>{office.name}</span>
      </div>
      <search className="top-bar-search">
        <TextInput
          id="search"
          type="search"
          aria-label={t('search.label')}
          placeholder={t('search.label')}
          aria-keyshortcuts={SHORTCUTS.search.keys}
          leftSection={<IconSearch size={18} aria-hidden="true" />}
          rightSection={<KeyHint shortcut="search" />}
          rightSectionWidth={72}
          value={text}
          maxLength={200}
          onChange={event => search(event.currentTarget.value)}
        />
      </search>
      <div className="top-bar-end">
        <PersonMenu person={person} />
      </div>
    </header>
  )
}

function PersonMenu({ person }: { readonly person: PersonItem }) {
  const { t, i18n } = useTranslation()
  const { end, setLanguage } = useSessionActions()
  const [locking, setLocking] = useState(false)
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const dark = colorScheme === 'dark'
  const leave = () => {
    // The next person begins at their own first screen.
    window.location.hash = ''
    end.mutate()
  }
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t(dark ? 'shell.light' : 'shell.dark')}
        title={t(dark ? 'shell.light' : 'shell.dark')}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={20} /> : <IconMoon size={20} />}
      </ActionIcon>
      <Menu position="bottom-end" width={260} shadow="md">
        <Menu.Target>
          <UnstyledButton className="person-menu">
            <Avatar color="blue" radius="xl" size={34} aria-hidden="true">
              {initials(person.name)}
            </Avatar>
            <span className="person-name">
              <strong>{person.name}</strong>
              <span className="quiet">{person.roles.map(role => t(`role.${role}`)).join(' · ')}</span>
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {LANGUAGES.map(({ value, label }) => (
            <Menu.Item
              key={value}
              lang={value}
              leftSection={i18n.language === value ? <IconCheck size={18} /> : <IconLanguage size={18} />}
              onClick={() => setLanguage.mutate(value)}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconKeyboard size={18} />}
            onClick={showShortcuts}
            rightSection={<KeyHint shortcut="shortcutList" />}
          >
            {t('shortcuts.title')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLock size={18} />} onClick={() => setLocking(true)}>
            {t(person.hasPassword ? 'password.own' : 'password.ownFirst')}
          </Menu.Item>
          <Menu.Item leftSection={<IconUserCircle size={18} />} onClick={leave}>
            {t('shell.changePerson')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {locking && <PasswordDialog person={person} own onClose={() => setLocking(false)} />}
    </>
  )
}
