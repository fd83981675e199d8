import { expect, test } from 'vitest'
import { OperationReader } from '../../../electron/document/pdf-operations.ts'

function operations(content: string) {
  const reader = new OperationReader(Buffer.from(content, 'latin1'))
  const all = []
  for (let each = reader.next(); each; each = reader.next()) all.push(each)
  return all
}
const operators = (content: string) => operations(content).map(({ operator }) => operator)

test('operators come in order, whatever their operands', () => {
  expect(operators('q 1 0 0 -1.5 .5 +7 cm/X1 Do[(a)-3(b)]TJ true /A<</B[1 2]>>BDC EMC f* Q')).toEqual([
    'q',
    'cm',
    'Do',
    'TJ',
    'BDC',
    'EMC',
    'f*',
    'Q',
  ])
})

test('the name that an operator takes, with its written-out letters', () => {
  expect(operations('/A 1 /B#20C Do 3 w').map(({ name }) => name)).toEqual(['B C', null])
})

test('operators in strings and remarks are none', () => {
  expect(operators('(Do \\) (Do) \\\\) Tj % Do\n<446F> Tj (Do')).toEqual(['Tj', 'Tj'])
})

test('the bytes that are shown', () => {
  expect(operations("(abc) Tj [(ab) 3 <4142>] TJ (a(b)c) '").map(({ shown }) => Math.floor(shown))).toEqual([3, 5, 5])
})

test('a picture in the content ends at its EI, not at one among its bytes', () => {
  const [picture, stroke] = operations('BI /W 2 /H 2 ID \xff EI \x01\x02\x03 EI Q S')
  expect(picture?.inline?.entries.trim()).toBe('/W 2 /H 2')
  expect(Buffer.from(picture?.inline?.data ?? []).toString('latin1')).toBe('\xff EI \x01\x02\x03')
  expect(stroke?.operator).toBe('Q')
})

test.each(['(', '<', '<<', '/', '%', 'BI', 'BI /W 2 ID ', '[', '1', '\\', '(\\'])(
  '%j alone comes to an end',
  content => {
    expect(operators(content).length).toBeLessThan(2)
  },
)
