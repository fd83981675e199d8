import { Badge, Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDiagnostics } from '../data/diagnostics.ts'
import { Answer } from '../design/answer.tsx'
import { Screen } from '../design/screen.tsx'
import './diagnostics.css'

const colours = { ok: 'green', warning: 'yellow', error: 'red', info: 'gray' } as const

/** Facts for a support mail; copied as text with one press. */
export function DiagnosticsScreen() {
  const { t } = useTranslation()
  const report = useDiagnostics()
  return (
    <Screen
      title={t('diagnostics.title')}
      subtitle={t('diagnostics.subtitle')}
      help="diagnostics"
      reading
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconRefresh size={18} />}
            loading={report.isFetching}
            onClick={() => void report.refetch()}
          >
            {t('diagnostics.again')}
          </Button>
          <CopyButton value={report.data?.text ?? ''}>
            {({ copied, copy }) => (
              <Button
                leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
                disabled={!report.data}
                onClick={copy}
              >
                {t(copied ? 'diagnostics.copied' : 'diagnostics.copy')}
              </Button>
            )}
          </CopyButton>
        </>
      }
    >
      <Answer query={report}>
        {({ sections }) => (
          <div className="diagnostics">
            {sections.map(section => (
              <section key={section.title} className="card" aria-label={section.title}>
                <h2>{section.title}</h2>
                <table>
                  <tbody>
                    {section.lines.map((line, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a report is drawn whole and never changed
                      <tr key={index}>
                        <th scope="row">{line.name}</th>
                        <td>{line.value}</td>
                        <td>
                          {line.state !== 'info' && (
                            <Badge size="sm" radius="sm" variant="light" color={colours[line.state]}>
                              {t(`diagnostics.${line.state}`)}
                            </Badge>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            ))}
          </div>
        )}
      </Answer>
    </Screen>
  )
}
