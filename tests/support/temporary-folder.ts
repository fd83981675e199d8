import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder extends Disposable {
  readonly path: string
  file(name: string): string
}

/** A folder of the test's own, gone when the test's block ends. */
export function temporaryFolder(name = 'desk-test-'): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), name))
  return {
    path,
    file: part => join(path, part),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}
