import { describe, expect, test } from 'vitest'
import type { ScanRequest } from '../../../electron/scanning/driver.ts'
import { scanArguments } from '../../../electron/scanning/scanimage-arguments.ts'
import type { SourcePlan } from '../../../electron/scanning/scanimage-capabilities.ts'

const plan: SourcePlan = {
  capabilities: {
    source: 'feeder',
    sides: ['front'],
    colours: ['grey'],
    resolutions: [200, 300],
    maximumPaper: { widthMm: 215.9, heightMm: 296.926 },
  },
  sides: new Map([['front', ['--source=ADF Front']]]),
  colours: new Map([['grey', ['--mode=Gray']]]),
  resolution: { kind: 'list', values: [200, 300], unit: 'dpi' },
  area: { widthMm: 215.9, heightMm: 296.926 },
  pageSize: null,
}
const request: ScanRequest = {
  deviceId: 'sane:a',
  source: 'feeder',
  sides: 'front',
  dpi: 300,
  colour: 'grey',
  paper: { widthMm: 210, heightMm: 297 },
}

describe('asking for what the scanner cannot do', () => {
  test.each([
    [{ source: 'flatbed' }, 'scan-source-unsupported', {}],
    [{ sides: 'both' }, 'scan-duplex-unsupported', {}],
    [{ colour: 'lineart' }, 'scan-colour-unsupported', {}],
    [{ dpi: 250 }, 'scan-resolution-unsupported', { dpi: 250, possible: '200, 300' }],
    [{ dpi: Number.NaN }, 'scan-resolution-unsupported', {}],
    [
      { paper: { widthMm: 297, heightMm: 420 } },
      'scan-paper-too-large',
      { width: '297', maximumWidth: '215.9', maximumHeight: '296.926' },
    ],
    [{ paper: { widthMm: 0, heightMm: Number.NaN } }, 'scan-paper-too-large', {}],
  ] as const)('%o says what is possible', (change, code, parameters) => {
    expect(() => scanArguments('a', { ...request, ...change }, [plan], [])).toThrow(
      expect.objectContaining({ code, parameters: expect.objectContaining(parameters) }),
    )
  })
})

test('A4 is scanned by a device whose maker rounds its length down, to the device’s edge', () => {
  expect(scanArguments('a', request, [plan], []).slice(-4)).toEqual(['-x', '210', '-y', '296.926'])
})

test('source and mode are set before what depends on them; own options come last', () => {
  expect(scanArguments('-weird name %d', request, [plan], ['--test-picture=Grid'])).toEqual([
    '--device-name=-weird name %d',
    '--format=tiff',
    '--batch=raw%04d.tif',
    '--batch-count=2000',
    '--batch-print',
    '--progress',
    '--source=ADF Front',
    '--mode=Gray',
    '--resolution=300',
    '-l',
    '0',
    '-t',
    '0',
    '-x',
    '210',
    '-y',
    '296.926',
    '--test-picture=Grid',
  ])
})

test('a sheet-fed scanner that centres its paper is told the size of the page', () => {
  const centred = { ...plan, pageSize: { widthMm: 224.846, heightMm: 2750.47 } }
  const given = scanArguments('a', request, [centred], [])
  expect(given).toContain('--page-width=210')
  expect(given.slice(-1)).toEqual(['297'])
})

test('a flatbed gives one page, so that it does not scan the same page for ever', () => {
  const glass = { ...plan, capabilities: { ...plan.capabilities, source: 'flatbed' as const } }
  expect(scanArguments('a', { ...request, source: 'flatbed' }, [glass], [])).toContain('--batch-count=1')
})
