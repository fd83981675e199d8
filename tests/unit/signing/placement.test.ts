import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookAtPlace, type Rectangle } from '../../../native-signing/index.ts'
import { coveredPart, intersection } from '../../../native-signing/pdf/rectangle.ts'
import { samplePdf, signatureImage, signFile, temporaryFolder, testOffice } from './support.ts'

const folder = temporaryFolder('placement-')
const signed = folder.file('signed.pdf')
const MARK: Rectangle = { x: 200, y: 100, width: 120, height: 60 }

beforeAll(async () => {
  const [office, plain] = [testOffice(), folder.file('plain.pdf')]
  writeFileSync(plain, await samplePdf())
  const appearance = { page: 2, rectangle: MARK, image: await signatureImage() }
  await signFile(office, office.chairman, plain, signed, { changes: { appearance } })
})
afterAll(() => folder[Symbol.dispose]())

describe('before anybody signs', () => {
  test('a seal over a third of the signature is seen', () => {
    const rectangle = { ...MARK, x: 120 }
    expect(lookAtPlace(signed, { page: 2, rectangle })).toEqual({
      page: { x: 0, y: 0, width: 595.28, height: 841.89 },
      rotation: 0,
      inside: true,
      overlaps: [{ field: 'Signature1', signed: true, rectangle: MARK, covered: expect.closeTo(1 / 3, 5) }],
    })
  })

  test('beside it, or on another page, nothing is covered', () => {
    expect(lookAtPlace(signed, { page: 2, rectangle: { ...MARK, x: 320 } }).overlaps).toEqual([])
    expect(lookAtPlace(signed, { page: 1, rectangle: MARK }).overlaps).toEqual([])
  })

  test.each([
    { ...MARK, x: -20 },
    { ...MARK, y: 800 },
    { ...MARK, width: 0 },
  ])('%j is off the page', rectangle => {
    expect(lookAtPlace(signed, { page: 2, rectangle }).inside).toBe(false)
  })

  test('a page that is not there', () => {
    expect(() => lookAtPlace(signed, { page: 3, rectangle: MARK })).toThrow(
      expect.objectContaining({ code: 'page-not-found' }),
    )
  })
})

test('a part is between nothing and all, and all of what lies inside', () => {
  const side = fc.integer({ min: 1, max: 50 })
  const place = fc.integer({ min: -50, max: 50 })
  const rectangle: fc.Arbitrary<Rectangle> = fc.record({ x: place, y: place, width: side, height: side })
  fc.assert(
    fc.property(rectangle, rectangle, (one, other) => {
      const part = coveredPart(one, other)
      expect(part).toBeGreaterThanOrEqual(0)
      expect(part).toBeLessThanOrEqual(1)
      const common = intersection(one, other)
      if (part > 0) expect(coveredPart(common, other)).toBe(1)
    }),
  )
})
