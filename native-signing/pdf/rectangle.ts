import type { Rectangle } from '../types.ts'

/** What two rectangles have in common; without extent where they do not meet. */
export function intersection(one: Rectangle, other: Rectangle): Rectangle {
  const x = Math.max(one.x, other.x)
  const y = Math.max(one.y, other.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(one.x + one.width, other.x + other.width) - x),
    height: Math.max(0, Math.min(one.y + one.height, other.y + other.height) - y),
  }
}

/** How much of `area` lies under `cover`, 0 to 1; 0 for an area without extent. */
export function coveredPart(area: Rectangle, cover: Rectangle): number {
  const common = intersection(area, cover)
  const whole = area.width * area.height
  return whole > 0 ? (common.width * common.height) / whole : 0
}
