import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitted, pngSize } from '../../../electron/office/signing/picture.ts'

/** The header of a PNG of this size. */
function png(width: number, height: number): Uint8Array {
  const bytes = Buffer.alloc(33)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  bytes.writeUInt32BE(13, 8)
  bytes.write('IHDR', 12, 'latin1')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

const place = { x: 300, y: 100, width: 120, height: 60 }
const pixels = fc.integer({ min: 1, max: 5000 })

describe('picture of a signature', () => {
  it('keeps its shape and stays within its place', () => {
    fc.assert(
      fc.property(pixels, pixels, fc.constantFrom(1 / 3, 1 / 2), (width, height, share) => {
        const { x, y, width: w, height: h } = fitted(png(width, height), 1, place, share).rectangle
        expect(w / h / (width / height)).toBeCloseTo(1, 9)
        expect(Math.min(x - place.x, y - place.y)).toBeGreaterThanOrEqual(-1e-9)
        expect(x + w).toBeLessThanOrEqual(place.x + place.width + 1e-9)
        expect(y + h).toBeLessThanOrEqual(place.y + place.height + 1e-9)
      }),
    )
  })

  it('is covered by the seal on its left third, whatever its shape', () => {
    fc.assert(
      fc.property(pixels, pixels, (width, height) => {
        const { x, width: w } = fitted(png(width, height), 1, place, 1 / 3).rectangle
        const sealRight = place.x + place.width / 3
        expect((sealRight - x) / w).toBeCloseTo(1 / 3, 6)
      }),
    )
  })

  it('must be a PNG with pixels', () => {
    const wrong = expect.objectContaining({ code: 'input-invalid' })
    for (const each of [
      new Uint8Array(),
      new TextEncoder().encode('GIF89a'.repeat(9)),
      png(0, 5),
      png(5, 5).subarray(0, 20),
    ]) {
      expect(() => pngSize(each)).toThrow(wrong)
    }
  })
})
