import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { SMALLEST_WINDOW } from './window-options.ts'

const windowStateSchema = z.object({
  width: z.int().min(SMALLEST_WINDOW.width).max(20_000),
  height: z.int().min(SMALLEST_WINDOW.height).max(20_000),
  x: z.int().optional(),
  y: z.int().optional(),
  maximized: z.boolean(),
})

/** Where the window was when it was last closed. */
export type WindowState = z.infer<typeof windowStateSchema>

export const USUAL_WINDOW: WindowState = { width: 1280, height: 800, maximized: false }

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The last state; the usual one where none was kept, it is damaged, or its place is on no screen any more. */
export async function readWindowState(file: string, screens: readonly Area[]): Promise<WindowState> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return USUAL_WINDOW
  }
  const parsed = windowStateSchema.safeParse(parseJson(text))
  if (!parsed.success) return USUAL_WINDOW
  const { x, y, ...size } = parsed.data
  if (x === undefined || y === undefined) return size
  return screens.some(screen => overlaps(screen, { x, y, ...size })) ? parsed.data : size
}

/** At once, since the program may be gone the next moment; should the file be cut off, the usual place serves. */
export function writeWindowState(file: string, state: WindowState): void {
  writeFileSync(file, `${JSON.stringify(state)}\n`)
}

/** Enough of the window lies on the screen to take hold of its title bar. */
function overlaps(screen: Area, window: Area): boolean {
  const GRIP = 64
  return (
    window.x + window.width - GRIP >= screen.x &&
    window.x + GRIP <= screen.x + screen.width &&
    window.y >= screen.y &&
    window.y + GRIP <= screen.y + screen.height
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
