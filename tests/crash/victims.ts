import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Random } from '../fuzz/random.ts'
import type { Disk } from './disk.ts'
import { startCtdesk } from './processes.ts'
import type { Staff } from './staff.ts'
import { killWindow } from './window.ts'
import type { Folders } from './world.ts'

/** Who is killed, or what happens to the disk while somebody is killed. */
export const VICTIMS = [
  ...(['program', 'window', 'worker', 'token', 'services', 'backup', 'restore', 'power'] as const),
  ...(['disk-full', 'disk-read-only'] as const),
] as const
export type Victim = (typeof VICTIMS)[number]

export interface Ground {
  readonly folders: Folders
  readonly chance: Random
  readonly staff: Staff
  /** Null: no disk of its own could be mounted, so none fails. */
  readonly disk: Disk | null
  /** What must not happen, as it happens. */
  readonly problems: string[]
}

/** Each kind once, as they come; then by chance, the window now and then, since it takes seconds. */
export function victimOf(kill: number, { chance, disk }: Ground): Victim {
  const possible = VICTIMS.filter(each => disk !== null || !each.startsWith('disk-'))
  const first = possible[kill]
  if (first !== undefined) return first
  if (kill % 10 === 0) return 'window'
  const others = possible.filter(each => each !== 'window')
  return chance.of([...others, 'worker', 'worker', 'program', 'token'] as const)
}

/** Lets the office work for a moment and kills. @returns how many requests the window answered */
export async function kill(victim: Victim, ground: Ground): Promise<number> {
  const { folders, chance, staff, disk } = ground
  const moment = (least: number, most: number) => pause(least + chance.next() * (most - least))
  switch (victim) {
    case 'worker':
      await moment(300, 3000)
      await staff.killWorker()
      return 0
    case 'program':
      await moment(300, 3000)
      await staff.killProgram()
      return 0
    case 'services':
      await moment(300, 2000)
      await staff.killServices()
      return 0
    case 'token':
      while (!staff.killTokenProcess()) await pause(50)
      return 0
    case 'backup':
      await killCommand(ground, ['office', 'backup', '--office', folders.office, '--to', folders.backups])
      return 0
    case 'restore':
      await killCommand(ground, rehearsal(folders))
      // stopped anywhere and done again, it comes to the same
      await runCommand(ground, rehearsal(folders))
      return 0
    case 'window':
      return killWindow(folders, chance.next() * 4000, chance.next() < 0.5)
    case 'power':
      await moment(300, 3000)
      await staff.killOffice()
      staff.start()
      return 0
    case 'disk-full':
      disk?.fill(chance.below(61))
      await moment(300, 1500)
      await staff.killWorker()
      await moment(300, 2500)
      disk?.mend()
      return 0
    case 'disk-read-only':
      await moment(300, 1500)
      await staff.killOffice()
      disk?.stopWriting()
      staff.start()
      await moment(1000, 3000)
      await staff.killWorker()
      disk?.mend()
      return 0
  }
}

/** Restores the newest backup beside the office that goes on. */
export const rehearsal = ({ rehearsal, backups }: Folders): readonly string[] => [
  ...['office', 'restore', '--office', rehearsal, '--from', backups, '--replace'],
]

const answerSchema = z.looseObject({ error: z.looseObject({ code: z.string() }).optional() })

/** Runs a command to its end; one that fails is a problem. @returns what it said; null where it failed */
export async function runCommand({ problems }: Ground, args: readonly string[]): Promise<string | null> {
  const command = startCtdesk(args)
  const status = await command.end
  if (status === 0) return command.output()
  problems.push(`${args.slice(0, 2).join(' ')} ended with ${status}: ${command.output().slice(0, 400)}`)
  return null
}

/** How long the commands take here, by their names; milliseconds. */
const took = new Map<string, number>()

/** Kills a command at a moment of its work; now and then it is quicker, and then it must have succeeded. */
async function killCommand(ground: Ground, args: readonly string[]): Promise<void> {
  const name = args.slice(0, 2).join(' ')
  const begun = performance.now()
  const command = startCtdesk(args)
  const longest = took.get(name) ?? 3000
  await Promise.race([command.end, pause(longest * (0.2 + 0.9 * ground.chance.next()))])
  if (!command.ended) return command.kill()
  took.set(name, performance.now() - begun)
  const status = await command.end
  if (status === 0) return
  const { error } = answerSchema.parse(JSON.parse(command.output()))
  ground.problems.push(`${name} failed by itself with ${error?.code ?? status}`)
}
