import { resolve } from 'node:path'
import { SigningError } from '../errors.ts'
import { type Deadlines, type LaunchModuleProcess, type ModuleHost, startModuleHost } from './host.ts'
import { checkModuleFile } from './module-file.ts'

/** How modules are run; everything may be left out. */
export interface ModuleRunning {
  readonly launch?: LaunchModuleProcess | undefined
  /** Added to the environment of the module's process. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** By module: what it wants in pReserved of C_Initialize (NSS, p11-kit's `x-init-reserved`). */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  readonly deadlines?: Partial<Deadlines> | undefined
}

/**
 * Keeps each module's process for the next question, so that looking at a token and logging in cost one start of a process (some 0.2 s).
 * A process that had been warm and fails is replaced once, since the module may have died in its sleep: so `look` must never spend a try
 * of a PIN.
 */
export interface WarmModules extends AsyncDisposable {
  /** Asks the module's process, started where none runs; it stays warm afterwards. @throws SigningError as `startModule` and `look` */
  use<Seen>(module: string, look: (host: ModuleHost) => Promise<Seen>): Promise<Seen>
  /**
   * Hands the process over for good, with what was seen in it: where a PIN has been, nobody else looks, and the process ends with the
   * session. @throws SigningError as `use`
   */
  take<Seen>(module: string, look: (host: ModuleHost) => Promise<Seen>): Promise<{ host: ModuleHost; seen: Seen }>
  /** Ends the processes that wait now. Some drivers see a new reader only when they start. */
  cool(): Promise<void>
}

interface Waiting {
  readonly host: Promise<ModuleHost>
  idle: NodeJS.Timeout | undefined
}

const usualIdleMilliseconds = 60_000

/** @param idleMilliseconds how long a process waits for the next question before it is ended */
export function warmModules(running: ModuleRunning = {}, idleMilliseconds = usualIdleMilliseconds): WarmModules {
  const waiting = new Map<string, Waiting>()

  const remove = (module: string): Promise<ModuleHost> | undefined => {
    const found = waiting.get(module)
    clearTimeout(found?.idle)
    waiting.delete(module)
    return found?.host
  }
  /** One that never started has nothing to end. */
  const end = (host: Promise<ModuleHost> | undefined): Promise<void> | undefined =>
    host?.then(
      started => started.close(),
      () => undefined,
    )
  const started = (module: string): Waiting => {
    const entry = waiting.get(module) ?? { host: startModule(module, running), idle: undefined }
    waiting.set(module, entry)
    clearTimeout(entry.idle)
    return entry
  }
  const restAfterwards = (module: string, entry: Waiting): void => {
    if (waiting.get(module) !== entry) return
    clearTimeout(entry.idle)
    entry.idle = setTimeout(() => void end(remove(module)), idleMilliseconds).unref()
  }
  const cool = async (): Promise<void> => {
    await Promise.all([...waiting.keys()].map(module => end(remove(module))))
  }

  const use: WarmModules['use'] = async (name, look) => {
    const module = resolve(name)
    const ask = async (again: boolean): ReturnType<typeof look> => {
      const wasWarm = waiting.has(module)
      const entry = started(module)
      try {
        const seen = await look(await entry.host)
        restAfterwards(module, entry)
        return seen
      } catch (error) {
        const takenAway = waiting.get(module) !== entry
        if (!takenAway) void end(remove(module))
        if (again && (wasWarm || takenAway) && mayBeStale(error)) return ask(false)
        throw error
      }
    }
    return ask(true)
  }

  const take: WarmModules['take'] = async (name, look) => {
    const module = resolve(name)
    const lookAt = async (started: Promise<ModuleHost>) => {
      try {
        const host = await started
        return { host, seen: await look(host) }
      } catch (error) {
        await end(started)
        throw error
      }
    }
    const warm = remove(module)
    if (warm) {
      try {
        return await lookAt(warm)
      } catch (error) {
        if (!mayBeStale(error)) throw error
      }
    }
    return lookAt(startModule(module, running))
  }

  return { use, take, cool, [Symbol.asyncDispose]: cool }
}

/** A module that hangs hangs again: nobody waits for it twice. */
const mayBeStale = (error: unknown): boolean => error instanceof SigningError && error.code !== 'module-not-responding'

/** Starts a module's process after a look at its file. @throws SigningError module-not-found and those of `startModuleHost` */
async function startModule(name: string, { parameters, ...running }: ModuleRunning): Promise<ModuleHost> {
  const module = resolve(name)
  checkModuleFile(module)
  return startModuleHost({ ...running, module, parameters: parameters?.[module] ?? parameters?.[name] })
}
