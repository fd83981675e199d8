import { expect, test } from 'vitest'
import { namedDevices } from '../../../electron/scanners.ts'
import type { ScannerDevice } from '../../../electron/scanning/index.ts'

const device = (id: string): ScannerDevice => ({
  id,
  driver: 'sane',
  vendor: 'Noname',
  model: 'frontend-tester',
  sources: [],
})

test('a backend with a name of its own is listed once, under that name; others stay as they are', () => {
  const seen = ['sane:test:0', 'sane:test:1', 'sane:test', 'sane:fujitsu:fi-7160:1'].map(device)
  expect(namedDevices(seen, { test: 'Máy quét tập sự' })).toEqual([
    { ...device('sane:test'), vendor: '', model: 'Máy quét tập sự' },
    device('sane:fujitsu:fi-7160:1'),
  ])
})

test('without names every device is told as it calls itself', () => {
  const seen = ['sane:test:0', 'sane:epson2:net'].map(device)
  expect(namedDevices(seen, {})).toEqual(seen)
})
