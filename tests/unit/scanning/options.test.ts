import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SourceCapabilities } from '../../../electron/scanning/driver.ts'
import { planSource, type SourcePlan, sourceSelections } from '../../../electron/scanning/scanimage-capabilities.ts'
import { DEVICE_LIST_FORMAT, parseDeviceList } from '../../../electron/scanning/scanimage-devices.ts'
import { codeOfExit, parseLine } from '../../../electron/scanning/scanimage-messages.ts'
import { choices, numericLimit, parseOptions } from '../../../electron/scanning/scanimage-options.ts'

/** Options as scanners print them (shortened). */
function printedBy(device: string): ReturnType<typeof parseOptions> {
  return parseOptions(readFileSync(join(import.meta.dirname, 'devices', `${device}.txt`), 'utf8'))
}

function plansOf(device: string, type = ''): readonly SourcePlan[] {
  const options = printedBy(device)
  const selections = sourceSelections(options, type)
  return (['flatbed', 'feeder'] as const)
    .map(source => selections.filter(selection => selection.source === source))
    .filter(own => own.length > 0)
    .map(own => planSource(own, options))
}

const DESCRIBED: Readonly<Record<string, readonly SourceCapabilities[]>> = {
  brother: [
    {
      source: 'flatbed',
      sides: ['front'],
      colours: ['colour', 'grey', 'lineart'],
      resolutions: [100, 150, 200, 300, 400, 600, 1200, 2400, 4800, 9600],
      maximumPaper: { widthMm: 215.9, heightMm: 355.6 },
    },
    {
      source: 'feeder',
      sides: ['front', 'both'],
      colours: ['colour', 'grey', 'lineart'],
      resolutions: [100, 150, 200, 300, 400, 600, 1200, 2400, 4800, 9600],
      maximumPaper: { widthMm: 215.9, heightMm: 355.6 },
    },
  ],
  'hp-flatbed': [
    {
      source: 'flatbed',
      sides: ['front'],
      colours: ['colour', 'grey', 'lineart'],
      resolutions: [75, 100, 150, 200, 300, 600, 1200],
      maximumPaper: { widthMm: 215.9, heightMm: 296.926 },
    },
  ],
}

describe('what scanners say of themselves', () => {
  test.each(Object.entries(DESCRIBED))('%s is described as it is', (device, expected) => {
    expect(plansOf(device).map(plan => plan.capabilities)).toEqual(expected)
  })

  test('the clean grey of a Brother is chosen, not its dithered one', () => {
    expect(plansOf('brother')[0]?.colours.get('grey')).toEqual(['--mode=True Gray'])
  })

  test('the back side alone is never offered, both sides of a Fujitsu are, and its page size is set', () => {
    const feeder = plansOf('fujitsu')[1]
    expect(feeder?.sides).toEqual(
      new Map([
        ['front', ['--source=ADF Front']],
        ['both', ['--source=ADF Duplex']],
      ]),
    )
    expect(feeder?.capabilities.maximumPaper).toEqual({ widthMm: 224.846, heightMm: 2750.47 })
    expect(feeder?.capabilities.resolutions).toEqual([75, 100, 150, 200, 240, 300, 400, 600])
  })

  test('both sides are asked for by --adf-mode at Epson, by --duplex at HP', () => {
    expect(plansOf('epson')[1]?.sides.get('both')).toEqual(['--source=Automatic Document Feeder', '--adf-mode=Duplex'])
    expect(plansOf('hp-feeder')[1]?.sides.get('both')).toEqual(['--source=ADF', '--duplex=yes'])
  })

  test('an option that cannot be set now is not used', () => {
    expect(plansOf('hp-flatbed')[0]?.capabilities.sides).toEqual(['front'])
    expect(numericLimit(printedBy('epson').get('depth'))).toBeNull()
    expect(choices(printedBy('fujitsu').get('cover-open'))).toEqual([])
  })

  test('slides and automatic choice are no paper sources; "auto" is no resolution', () => {
    expect(plansOf('epson').map(plan => plan.capabilities.source)).toEqual(['flatbed', 'feeder'])
    expect(plansOf('epson')[0]?.capabilities.resolutions).toEqual([50, 75, 100, 150, 200, 300, 400, 600])
  })

  test('without --source the type tells; without --mode lineart one bit of grey serves; pixels are no millimetres', () => {
    const plan = plansOf('canon-sheetfed', 'sheetfed scanner')[0]
    expect(plan?.capabilities.source).toBe('feeder')
    expect(plan?.colours.get('lineart')).toEqual(['--mode=Gray', '--depth=1'])
    expect(plan?.colours.get('colour')).toEqual(['--mode=Color', '--depth=8'])
    expect(plan?.area).toBeNull()
    expect(plansOf('canon-sheetfed', 'flatbed scanner')[0]?.capabilities.source).toBe('flatbed')
  })

  test('any text at all is read without a crash', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '    --source ',
        '|',
        ' [',
        ']',
        '[=(',
        ')]',
        '0..',
        'mm',
        '\n',
        '    -x ',
        'ADF',
        'auto',
        ' [inactive]',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        const options = parseOptions(pieces.join(''))
        for (const option of options.values()) {
          choices(option)
          numericLimit(option)
        }
        const selections = sourceSelections(options, '')
        expect(selections.length).toBeGreaterThan(0)
        expect(planSource(selections, options).sides.size).toBeGreaterThan(0)
      }),
    )
  })
})

describe('the list of devices', () => {
  const [separator] = DEVICE_LIST_FORMAT.match(/[^%a-z]/) ?? ['']

  test('names with any punctuation are read whole; webcams and remarks of backends are not scanners', () => {
    const line = (...fields: string[]): string => fields.join(separator)
    const printed = [
      '[airscan] discovery: done',
      line('v4l:/dev/video0', 'Noname', 'Integrated Camera', 'virtual device'),
      line('airscan:e0:Máy quét | tầng 2', 'eSCL', "Văn phòng 'A', máy 2", 'ip=192.0.2.5'),
      '',
    ].join('\n')
    expect(parseDeviceList(printed)).toEqual([
      { name: 'airscan:e0:Máy quét | tầng 2', vendor: 'eSCL', model: "Văn phòng 'A', máy 2", type: 'ip=192.0.2.5' },
    ])
  })

  test('any text at all is read without a crash', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(Array.isArray(parseDeviceList(text.replaceAll('a', separator)))).toBe(true)
      }),
    )
  })
})

describe('what scanimage says while it works', () => {
  test.each([
    ['scanimage: sane_start: Document feeder jammed', 'scanner-paper-jam'],
    ['scanimage: sane_read: Scanner cover is open', 'scanner-cover-open'],
    ['scanimage: open of device epson2:libusb:001:004 failed: Device busy', 'scanner-busy'],
    ['scanimage: open of device nope:0 failed: Invalid argument', 'scanner-not-found'],
    ['scanimage: open of device net:x failed: Access to resource has been denied', 'scanner-access-denied'],
    ['scanimage: setting of option --resolution failed (Invalid argument)', 'scanner-refused-settings'],
    ["scanimage: unrecognized option '--nope=1'", 'scanner-refused-settings'],
    ['scanimage: sane_start: Lamp not ready, please retry', 'scanner-warming-up'],
    ['scanimage: sane_read: Something new', 'scanner-failed'],
  ])('%s', (line, code) => {
    expect(parseLine(line)).toEqual({ kind: 'failure', code })
  })

  test('an empty feeder is no fault by itself; a rounded value is only a remark', () => {
    expect(parseLine('scanimage: sane_start: Document feeder out of documents')).toEqual({ kind: 'out-of-paper' })
    expect(parseLine('scanimage: rounded value of br-x from 215.9 to 215.88')).toEqual({ kind: 'remark' })
  })

  test('an exit code that means nothing is still a fault', () => {
    expect(codeOfExit(6)).toBe('scanner-paper-jam')
    expect(codeOfExit(139)).toBe('scanner-failed')
    expect(codeOfExit(null)).toBe('scanner-failed')
  })

  test('progress stays between 0 and 1 whatever is printed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.float().map(number => `Progress: ${number}%`),
        ),
        text => {
          const line = parseLine(text)
          if (line.kind === 'progress') {
            expect(line.fraction).toBeGreaterThanOrEqual(0)
            expect(line.fraction).toBeLessThanOrEqual(1)
          }
        },
      ),
    )
  })
})
