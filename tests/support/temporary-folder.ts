import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolder extends Disposable {
  readonly path: string
  file(name: string): string
}

/** A folder of the test's own, gone when the test's block ends. @param on where it is made, for a test that needs another disk */
export function temporaryFolder(name = 'desk-test-', on = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(on, name))
  return {
    path,
    file: part => join(path, part),
    // a process that has just ended may still have one of its own that writes
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  }
}
