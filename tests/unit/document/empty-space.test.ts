import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findRoom, mapPicture } from '../../../electron/document/empty-space.ts'

const PAGE = { width: 595, height: 842 } as const
const MARGIN = 34

/** Paper with a little grain, and dark blocks given from the top. */
function page(...blocks: readonly { left: number; top: number; width: number; height: number; level?: number }[]) {
  const pixels = new Uint8Array(PAGE.width * PAGE.height * 3)
  for (let index = 0; index < pixels.length; index++) pixels[index] = 240 + ((index * 7919) % 9)
  for (const { left, top, width, height, level = 60 } of blocks) {
    for (let y = top; y < Math.min(PAGE.height, top + height); y++) {
      pixels.fill(level, (y * PAGE.width + left) * 3, (y * PAGE.width + Math.min(PAGE.width, left + width)) * 3)
    }
  }
  return mapPicture(pixels, PAGE.width, PAGE.height)
}

describe('room for the statement', () => {
  test('is under the text, at the right', () => {
    const room = findRoom(
      page({ left: 80, top: 60, width: 440, height: 300 }),
      PAGE,
      { width: 300, height: 230 },
      MARGIN,
    )
    expect(room).not.toBeNull()
    expect(room?.x).toBeGreaterThan(PAGE.width - MARGIN - 300 - 8)
    expect((room?.y ?? 0) + 230).toBeLessThan(PAGE.height - 360)
    expect((room?.y ?? 0) + 230).toBeGreaterThan(PAGE.height - 360 - 60)
  })

  test('is refused on a page that is full, faint ground or one thin line included', () => {
    const size = { width: 300, height: 230 }
    expect(findRoom(page({ left: 40, top: 40, width: 515, height: 760 }), PAGE, size, MARGIN)).toBeNull()
    expect(findRoom(page({ left: 0, top: 0, width: 595, height: 700, level: 190 }), PAGE, size, MARGIN)).toBeNull()
    const lines = [200, 400, 600].map(top => ({ left: 20, top, width: 555, height: 1, level: 205 }))
    expect(findRoom(page(...lines), PAGE, size, MARGIN)).toBeNull()
  })

  test('is refused on a page smaller than the statement', () => {
    expect(
      findRoom(
        mapPicture(new Uint8Array(242 * 153 * 3).fill(250), 242, 153),
        { width: 242.6, height: 153.1 },
        { width: 300, height: 230 },
        MARGIN,
      ),
    ).toBeNull()
  })

  test('never covers what is on the page and never leaves it', () => {
    const block = fc.record({
      left: fc.integer({ min: 0, max: 560 }),
      top: fc.integer({ min: 0, max: 800 }),
      width: fc.integer({ min: 2, max: 300 }),
      height: fc.integer({ min: 2, max: 300 }),
    })
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 4 }),
        fc.integer({ min: 60, max: 400 }),
        fc.integer({ min: 60, max: 400 }),
        (blocks, width, height) => {
          const room = findRoom(page(...blocks), PAGE, { width, height }, MARGIN)
          if (!room) return
          expect(room.x).toBeGreaterThanOrEqual(MARGIN - 6)
          expect(room.y).toBeGreaterThanOrEqual(MARGIN - 6)
          expect(room.x + room.width).toBeLessThanOrEqual(PAGE.width - MARGIN + 6)
          expect(room.y + room.height).toBeLessThanOrEqual(PAGE.height - MARGIN + 6)
          for (const { left, top, width: wide, height: high } of blocks) {
            const apart =
              room.x + room.width <= left ||
              room.x >= left + wide ||
              PAGE.height - room.y <= top ||
              PAGE.height - room.y - room.height >= top + high
            expect(apart).toBe(true)
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})
