import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../electron/office/canonical-json.ts'

describe('canonical JSON', () => {
  it('does not depend on the order in which names were written', () => {
    expect(canonicalJson({ b: 1, a: [true, null], Z: 'x' })).toBe('{"Z":"x","a":[true,null],"b":1}')
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), value => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      }),
    )
  })

  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.boolean(), fc.constant(null))), value => {
        expect(JSON.parse(canonicalJson(value))).toEqual({ ...value })
      }),
    )
  })

  it('spells a Vietnamese word one way, however it was typed', () => {
    expect(canonicalJson('Đà Nẵng'.normalize('NFD'))).toBe(canonicalJson('Đà Nẵng'.normalize('NFC')))
  })

  it('refuses numbers that JSON has not', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError)
  })
})
