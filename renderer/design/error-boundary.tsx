import { Button } from '@mantine/core'
import { IconMoodSad } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state.tsx'

interface Props {
  readonly children: ReactNode
}

/** A fault in drawing takes one screen away, never the window: what was stored is safe, and the screen can be opened again. */
export class ErrorBoundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true }
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken onAgain={() => this.setState({ broken: false })} /> : this.props.children
  }
}

function Broken({ onAgain }: { readonly onAgain: () => void }) {
  const { t } = useTranslation()
  return (
    <main className="screen-main">
      <EmptyState icon={IconMoodSad} title={t('general.unexpected.what')} text={t('general.unexpected.todo')}>
        <Button onClick={onAgain}>{t('general.openAgain')}</Button>
      </EmptyState>
    </main>
  )
}
