import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type {
  ExtendOptions,
  SignatureLevel,
  SignatureRequest,
  Timestamper,
  TokenSession,
} from '../../native-signing/index.ts'
import { type BatchOptions, signBatch } from '../../native-signing/sign/batch.ts'

/** How every file of a command is signed. */
export interface FileSigningSettings {
  readonly level: SignatureLevel
  readonly request: Omit<SignatureRequest, 'signingTime'>
  readonly timestamper: Timestamper | null
  /** For B-LT and B-LTA. */
  readonly longTerm: Pick<ExtendOptions, 'trust' | 'fetcher' | 'perSignature'> | null
  readonly password: string | undefined
  readonly signal: AbortSignal
}

export interface FileToSign {
  readonly input: string
  readonly output: string
}

export type FileOutcome =
  | { readonly result: 'done'; readonly file: FileToSign; readonly data: Readonly<Record<string, unknown>> }
  | { readonly result: 'failed'; readonly file: FileToSign; readonly error: unknown }
  | { readonly result: 'not-tried'; readonly file: FileToSign }

/** Signs files into one folder, made when missing; what is under work lies in a folder of its own beside them. */
export async function* signFiles(
  files: readonly [FileToSign, ...FileToSign[]],
  session: TokenSession,
  { level, request, timestamper, longTerm, password, signal }: FileSigningSettings,
): AsyncGenerator<FileOutcome> {
  const target = dirname(files[0].output)
  await mkdir(target, { recursive: true })
  const folder = await mkdtemp(join(target, '.ctdesk-sign-'))
  const batch = files.map((file, index) => ({
    ...file,
    workFile: join(folder, `${index}.pdf`),
    // asked when the file's turn comes
    get request(): SignatureRequest {
      return { ...request, signingTime: new Date() }
    },
  }))
  const options: BatchOptions = { timestamper, trust: null, password, signal }
  const lifted =
    longTerm && timestamper && (level === 'B-LT' || level === 'B-LTA') ? { ...longTerm, level, timestamper } : null
  try {
    for await (const outcome of signBatch(batch, session, lifted ? { ...options, longTerm: lifted } : options)) {
      const { input, output } = outcome.file
      const file = { input, output }
      if (outcome.result !== 'done') yield { ...outcome, file }
      else {
        const { bytes, sha256 } = outcome.signed
        yield { result: 'done', file, data: { file: input, out: output, bytes, sha256, level } }
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
