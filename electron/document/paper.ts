export const POINTS_PER_MILLIMETRE = 72 / 25.4
/** A4 portrait, points. */
export const A4 = { width: 210 * POINTS_PER_MILLIMETRE, height: 297 * POINTS_PER_MILLIMETRE } as const
