import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What poppler says of one signature. */
export interface PopplerVerdict {
  readonly field: string
  readonly name: string
  readonly coverage: 'whole' | 'part'
  readonly valid: boolean
}

/** Lets poppler judge the signatures of a file, certificates apart. */
export async function pdfsig(path: string, password = ''): Promise<readonly PopplerVerdict[]> {
  const { stdout } = await run('pdfsig', ['-nocert', '-upw', password, '-opw', password, path])
  return stdout
    .split(/^Signature #\d+:/m)
    .slice(1)
    .filter(part => !part.includes('is not signed'))
    .map(part => ({
      field: /Signature Field Name: (.*)/.exec(part)?.[1] ?? '',
      name: /Common Name: (.*)/.exec(part)?.[1] ?? '',
      coverage: part.includes('Not total document signed') ? 'part' : 'whole',
      valid: part.includes('Signature Validation: Signature is Valid.'),
    }))
}

/** Lets qpdf read the whole file. @throws where it finds anything to warn of */
export async function qpdfCheck(path: string, password = ''): Promise<void> {
  await run('qpdf', ['--check', `--password=${password}`, path])
}

/** @throws where qpdf has anything to warn of */
export async function qpdf(...words: readonly string[]): Promise<string> {
  return (await run('qpdf', words)).stdout
}
