import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ScannerItem, ScanProfile } from '../../electron/api/contract/scanning.ts'
import { fittingProfile, PAPERS } from '../data/scan-profile.ts'

type PaperName = keyof typeof PAPERS
const PAPER_NAMES = ['A4', 'A5', 'A3', 'letter'] as const satisfies readonly PaperName[]

/** What was chosen the last time on this PC; anything else is as if nothing were. The device's own abilities decide what is kept. */
export function storedProfile(stored: unknown): Partial<ScanProfile> {
  if (typeof stored !== 'object' || stored === null) return {}
  const { deviceId, source, sides, dpi, colour, paper } = { ...nothing, ...stored }
  const name = PAPER_NAMES.find(each => JSON.stringify(PAPERS[each]) === JSON.stringify(paper))
  return {
    ...(typeof deviceId === 'string' ? { deviceId } : {}),
    ...(source === 'flatbed' || source === 'feeder' ? { source } : {}),
    ...(sides === 'front' || sides === 'both' ? { sides } : {}),
    ...(typeof dpi === 'number' ? { dpi } : {}),
    ...(colour === 'colour' || colour === 'grey' || colour === 'lineart' ? { colour } : {}),
    ...(name ? { paper: PAPERS[name] } : {}),
  }
}

const nothing: Readonly<Record<keyof ScanProfile, unknown>> = {
  deviceId: undefined,
  source: undefined,
  sides: undefined,
  dpi: undefined,
  colour: undefined,
  paper: undefined,
}

/** The profile in a few words: "Khay nạp, một mặt, màu, 300 dpi". */
export function ProfileWords({ profile }: { readonly profile: ScanProfile }) {
  const { t } = useTranslation()
  return t('scan.profile', {
    source: t(`scan.sources.${profile.source}`),
    sides: t(`scan.sidesOf.${profile.sides}`).toLowerCase(),
    colour: t(`scan.colours.${profile.colour}`).toLowerCase(),
    dpi: profile.dpi,
  })
}

/** Only what the device can do is offered. */
export function ProfileFields({
  scanner,
  profile,
  onChange,
}: {
  readonly scanner: ScannerItem
  readonly profile: ScanProfile
  readonly onChange: (profile: ScanProfile) => void
}) {
  const { t } = useTranslation()
  const source = scanner.sources.find(each => each.source === profile.source)
  if (!source) return null
  const change = (part: Partial<ScanProfile>) => onChange(fittingProfile(scanner, { ...profile, ...part }))
  const fitting = PAPER_NAMES.filter(
    name =>
      PAPERS[name].widthMm <= source.maximumPaper.widthMm + 1 &&
      PAPERS[name].heightMm <= source.maximumPaper.heightMm + 1,
  )
  const paper = PAPER_NAMES.find(name => PAPERS[name].widthMm === profile.paper.widthMm)
  return (
    <>
      <Choice
        label={t('scan.source')}
        value={profile.source}
        options={scanner.sources.map(each => each.source)}
        name={option => t(`scan.sources.${option}`)}
        onChoose={option => change({ source: option })}
      />
      <Choice
        label={t('scan.sides')}
        value={profile.sides}
        options={source.sides}
        name={option => t(`scan.sidesOf.${option}`)}
        onChoose={sides => change({ sides })}
      />
      <Choice
        label={t('scan.colour')}
        value={profile.colour}
        options={source.colours}
        name={option => t(`scan.colours.${option}`)}
        onChoose={colour => change({ colour })}
      />
      <Choice
        label={t('scan.dpi')}
        value={String(profile.dpi)}
        options={source.resolutions.map(String)}
        name={option => t('scan.dpiOf', { dpi: option })}
        onChoose={dpi => change({ dpi: Number(dpi) })}
      />
      {fitting.length > 1 && (
        <Choice
          label={t('scan.paper')}
          value={paper ?? 'A4'}
          options={fitting}
          name={option => (option === 'letter' ? t('scan.letter') : option)}
          onChoose={option => change({ paper: PAPERS[option] })}
        />
      )}
    </>
  )
}

function Choice<Option extends string>({
  label,
  value,
  options,
  name,
  onChoose,
}: {
  readonly label: string
  readonly value: Option
  readonly options: readonly Option[]
  readonly name: (option: Option) => string
  readonly onChoose: (option: Option) => void
}) {
  return (
    <Select
      label={label}
      data={options.map(option => ({ value: option, label: name(option) }))}
      value={value}
      disabled={options.length < 2}
      onChange={chosen => {
        const option = options.find(each => each === chosen)
        if (option !== undefined) onChoose(option)
      }}
    />
  )
}
