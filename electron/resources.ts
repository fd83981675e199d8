import { join } from 'node:path'

/** Absolute path of a file under `resources/`, in the source tree and in a package alike. */
export function resourcePath(...parts: readonly string[]): string {
  return join(import.meta.dirname, '..', 'resources', ...parts)
}
