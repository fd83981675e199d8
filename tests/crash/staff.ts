import type { Random } from '../fuzz/random.ts'
import { childrenOf, type Running, startProcess } from './processes.ts'
import { type Folders, renewTokens, type Services, startServices } from './world.ts'

const WORKERS = 2
/** How the command of a token module's process reads. */
const TOKEN_PROCESS = 'token/worker.ts'

/** The processes that work in the office all the time, and the world that answers them. Whoever is killed is started again. */
export class Staff implements AsyncDisposable {
  readonly #folders: Folders
  readonly #chance: Random
  readonly services: Services
  #world: Running
  #workers: Running[] = []
  #program: Running | null = null

  constructor(folders: Folders, chance: Random, world: Running, services: Services) {
    this.#folders = folders
    this.#chance = chance
    this.#world = world
    this.services = services
  }

  start(): void {
    while (this.#workers.length < WORKERS) this.#workers.push(this.#begin('worker.ts'))
    this.#program ??= this.#begin('program.ts')
  }

  async killWorker(): Promise<void> {
    const worker = this.#chance.of(this.#workers)
    await worker.kill()
    this.#workers = this.#workers.filter(each => each !== worker)
    this.start()
  }

  async killProgram(): Promise<void> {
    await this.#program?.kill()
    this.#program = null
    this.start()
  }

  async killServices(): Promise<void> {
    await this.#world.kill()
    this.#world = (await startServices(this.#folders, this.services)).running
  }

  /** @returns false: no token was being used */
  killTokenProcess(): boolean {
    const found = childrenOf(
      this.#office().map(({ pid }) => pid),
      TOKEN_PROCESS,
    )
    if (found.length === 0) return false
    process.kill(this.#chance.of(found), 'SIGKILL')
    return true
  }

  /** All who work in the office at once, and the processes of their tokens with them. */
  async killOffice(): Promise<void> {
    const office = this.#office()
    const tokens = childrenOf(
      office.map(({ pid }) => pid),
      TOKEN_PROCESS,
    )
    await Promise.all(office.map(each => each.kill()))
    for (const pid of tokens) endIfThere(pid)
    await renewTokens(this.#folders)
    this.#workers = []
    this.#program = null
  }

  /** Nobody ends by himself. @returns what those said who did */
  whoEnded(): readonly string[] {
    return [...this.#office(), this.#world].filter(({ ended }) => ended).map(each => each.output())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.killOffice()
    await this.#world.kill()
  }

  #office(): readonly Running[] {
    return [...this.#workers, ...(this.#program ? [this.#program] : [])]
  }

  #begin(script: string): Running {
    return startProcess(script, [this.#folders.office, this.#folders.root, String(this.#chance.below(2 ** 31))])
  }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
