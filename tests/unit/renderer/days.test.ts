import { expect, test } from 'vitest'
import { daysOf } from '../../../renderer/settings/days-field.tsx'

test('days as people write them, each once, in order; a line that is no day makes none of them', () => {
  expect(daysOf('30/4/2027\n\n 29-4-2027 \n30/04/2027')).toEqual(['2027-04-29', '2027-04-30'])
  expect(daysOf('')).toEqual([])
  expect(daysOf('30/04/2027\n31/04/2027')).toBeNull()
})
