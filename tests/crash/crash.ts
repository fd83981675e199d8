/**
 * `npm run crash -- N [--seed S]`: an office at work, in which N times somebody is killed with SIGKILL at a random moment, or the disk is full or
 * read-only for a while; then its disk is lost and it is restored from a backup of the middle. Everything that it ever answered is counted.
 * Prints one JSON object; exit 0 when nothing was lost, doubled or skipped.
 */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepToOneself } from '../../electron/own-folder.ts'
import { Random } from '../fuzz/random.ts'
import { smallDisk } from './disk.ts'
import { finish } from './finish.ts'
import { inspectAfterCrashes, officeAsItStands } from './inspect.ts'
import { age, leftovers } from './leftovers.ts'
import { loseDisk } from './lost-disk.ts'
import { Staff } from './staff.ts'
import { type Ground, kill, rehearsal, runCommand, VICTIMS, type Victim, victimOf } from './victims.ts'
import { foldersOf, makeOffice, makeWorld, startServices } from './world.ts'

const kills = Number(process.argv[2] ?? '300')
const seedAt = process.argv.indexOf('--seed')
const seed = seedAt < 0 ? Date.now() % 2 ** 31 : Number(process.argv[seedAt + 1])
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run crash -- KILLS [--seed NUMBER]\n')
  process.exit(64)
}

keepToOneself()
const started = Date.now()
const say = (words: string) => process.stderr.write(`${Math.round((Date.now() - started) / 1000)} s: ${words}\n`)
const root = await mkdtemp(join(tmpdir(), 'ctdesk-crash-'))
const folders = foldersOf(root)
const mounted = smallDisk(folders.disk)
const disk = typeof mounted === 'string' ? null : mounted
const problems: string[] = []
process.once('exit', () => {
  disk?.[Symbol.dispose]()
  rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

await makeWorld(folders, seed)
const { running, services } = await startServices(folders)
const chance = new Random(seed)
await using staff = new Staff(folders, chance, running, services)
const ground: Ground = { folders, chance, staff, disk, problems }
const backUp = (to: string) => runCommand(ground, ['office', 'backup', '--office', folders.office, '--to', to])
await makeOffice(folders, services)
await backUp(folders.backups)
await runCommand(ground, rehearsal(folders))

const victims = new Map<Victim, number>(VICTIMS.map(each => [each, 0]))
let receivedAtWindow = 0
staff.start()
for (let done = 0; done < kills; done += 1) {
  if (done === Math.floor(kills / 2)) await backUp(folders.kept)
  const victim = victimOf(done, ground)
  receivedAtWindow += await kill(victim, ground)
  victims.set(victim, (victims.get(victim) ?? 0) + 1)
  problems.push(...staff.whoEnded().map(said => `ended by itself: ${said.slice(-600)}`))
  if (problems.length > 20) throw new Error(problems.join('\n'))
  if (process.stderr.isTTY || (done + 1) % 10 === 0) say(`killed ${done + 1} of ${kills}, last: ${victim}`)
}
await staff.killOffice()
say('let finish')
problems.push(...(await finish(folders.office, folders, seed)))
// what a crash left is cleared by whoever works a day later
await age(await leftovers(folders.office))
problems.push(...(await finish(folders.office, folders, seed, '--requests=1')))
say('counted')
const stands = await officeAsItStands(folders.office)
const found = await inspectAfterCrashes(stands, folders, receivedAtWindow, disk !== null)
say('the disk is lost')
const restored = await loseDisk(ground, stands)

problems.push(...found.problems, ...restored.problems)
const result = {
  ...{ kills, seed, seconds: Math.round((Date.now() - started) / 1000) },
  disk: typeof mounted === 'string' ? `not tried: ${mounted}` : 'full and read-only in between',
  victims: Object.fromEntries(victims),
  ...found,
  restored: restored.counts,
  problems,
}
process.stdout.write(`${JSON.stringify(result)}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
