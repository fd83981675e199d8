import { randomUUID } from 'node:crypto'
import { ApiError } from './errors.ts'

/** What a file or folder is chosen for: an id for one purpose does not do for another. */
export type PathPurpose = 'token-module'

/**
 * Files and folders of this PC that the page may name: the program found them, or a person chose them in the system's own dialog. The page
 * gets an id and gives it back; a path that the page thinks of is nobody's choice. One per program, as long as it runs.
 */
export class ChosenPaths {
  readonly #ids = new Map<string, string>()
  readonly #paths = new Map<string, string>()

  /** @returns the same id each time */
  offer(purpose: PathPurpose, path: string): string {
    const choice = `${purpose} ${path}`
    const id = this.#ids.get(choice) ?? randomUUID()
    this.#ids.set(choice, id)
    this.#paths.set(`${purpose} ${id}`, path)
    return id
  }

  /** @throws ApiError path-not-chosen */
  path(purpose: PathPurpose, id: string): string {
    const path = this.#paths.get(`${purpose} ${id}`)
    if (path === undefined) throw new ApiError('path-not-chosen')
    return path
  }
}
