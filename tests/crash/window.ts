import { setTimeout as pause } from 'node:timers/promises'
import { receive, sitDown } from '../e2e/support/at-the-desk.ts'
import { launchDesk } from '../e2e/support/launch.ts'
import type { Folders } from './world.ts'

/** What an officer received at the window, told before the window was killed. */
export const WINDOW_TITLE = 'Giấy tờ tại cửa sổ (mẫu)'

/**
 * Starts the real window on the office; an officer receives papers in it until it is killed, so many milliseconds after it stood there or, where
 * `answered`, after the officer was first answered. @returns how many requests were answered
 */
export async function killWindow({ office, window }: Folders, afterMs: number, answered: boolean): Promise<number> {
  const desk = await launchDesk({ dataFolder: window, officeFolder: office })
  let received = 0
  let killed = false
  const first = Promise.withResolvers<void>()
  const work = async () => {
    for (;;) {
      await sitDown(desk.page, 'officer')
      await receive(desk.page, [{ title: WINDOW_TITLE, issuer: 'UBND xã Thanh Bình (mẫu)' }])
      received += 1
      first.resolve()
    }
  }
  const working = work().catch((error: unknown) => {
    if (!killed) throw error
  })
  const moment = async () => {
    if (answered) await first.promise
    await pause(afterMs)
  }
  try {
    await Promise.race([working, moment()])
  } finally {
    killed = true
    await desk.kill()
  }
  await working
  return received
}
