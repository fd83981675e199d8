import { fork } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type SoftTokenRequest, softTokenReplySchema } from './soft-token-messages.ts'

export type SoftTokenKey = 'rsa-2048' | 'rsa-3072' | 'ec-p256'

/** A key pair to make on the token, and the certificate to lay beside it. */
export interface SoftTokenIdentity {
  readonly key?: SoftTokenKey
  /** Certifies the public key (SubjectPublicKeyInfo, DER); null leaves the key without a certificate, as some drivers do. */
  readonly certify: (publicKey: Uint8Array) => Uint8Array | null
  /** CKA_LABEL; real ones carry Vietnamese text and an apostrophe. */
  readonly certificateLabel?: string
}

export interface SoftTokenOptions {
  /** Folder of SoftHSM's configuration and tokens; several tokens may lie in one, as in several sockets of one PC. */
  readonly folder: string
  /** At most 32 bytes of UTF-8. */
  readonly label: string
  readonly pin: string
  readonly securityOfficerPin: string
  readonly identities: readonly SoftTokenIdentity[]
  /** Issuers' certificates to lay on the token as well. */
  readonly chain?: readonly Uint8Array[]
}

/** A practice token: SoftHSM2 plays the USB token. */
export interface SoftToken {
  readonly module: string
  readonly label: string
  /** To be set in the process that loads the module: SoftHSM reads its configuration from there. */
  readonly environment: Readonly<Record<string, string>>
  /** In the order of the identities; null where there was none. */
  readonly certificates: readonly (Uint8Array | null)[]
}

const usualPlaces = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  'C:\\SoftHSM2\\lib\\softhsm2-x64.dll',
]

/** Whether practice tokens can be made here. */
export const hasSoftHsm = (): boolean => usualPlaces.some(place => existsSync(place))

/** Where SoftHSM2's module lies. @throws Error where it is not installed */
export function softHsmModulePath(): string {
  const found = usualPlaces.find(place => existsSync(place))
  if (!found) throw new Error('SoftHSM2 is not installed (Debian: apt-get install softhsm2)')
  return found
}

/** Environment that makes SoftHSM use the tokens of this folder. */
export function softTokenEnvironment(folder: string): Readonly<Record<string, string>> {
  return { SOFTHSM2_CONF: join(folder, 'softhsm2.conf') }
}

/**
 * Initialises a token in the folder, makes its keys on it, and lays their certificates beside them. The module is loaded in a child
 * process, since its configuration belongs to the whole process.
 * @throws Error when SoftHSM refuses, with its return code
 */
export async function createSoftToken(
  options: SoftTokenOptions,
  launch: LaunchSoftTokenWorker = forkSoftTokenWorker,
): Promise<SoftToken> {
  const { folder, label, pin, securityOfficerPin, identities, chain = [] } = options
  const module = softHsmModulePath()
  const environment = softTokenEnvironment(folder)
  mkdirSync(join(folder, 'tokens'), { recursive: true })
  writeFileSync(
    join(folder, 'softhsm2.conf'),
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n`,
  )
  await using worker = startWorker(launch(environment))
  const made = await worker.ask({
    kind: 'make',
    module,
    label,
    pin,
    securityOfficerPin,
    keys: identities.map(identity => identity.key ?? 'rsa-2048'),
  })
  const certificates = identities.map((identity, index) => {
    const publicKey = made[index]
    if (!publicKey) throw new Error('the token made fewer keys than asked')
    return identity.certify(Buffer.from(publicKey, 'base64'))
  })
  await worker.ask({
    kind: 'store',
    module,
    label,
    pin,
    certificates: certificates.flatMap((certificate, index) =>
      certificate ? [{ index, der: base64(certificate), label: identities[index]?.certificateLabel ?? label }] : [],
    ),
    chain: chain.map(base64),
  })
  return { module, label, environment, certificates }
}

/** The process of `serveSoftToken`, as its starter reaches it. */
export interface SoftTokenProcess {
  send(request: SoftTokenRequest): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once when it has ended or could not be started. */
  onEnd(listener: () => void): void
  kill(): void
}

/** How that process is started; Electron hands in its utility process. */
export type LaunchSoftTokenWorker = (environment: Readonly<Record<string, string>>) => SoftTokenProcess

const forkSoftTokenWorker: LaunchSoftTokenWorker = environment => {
  const child = fork(fileURLToPath(new URL('./soft-token-worker.ts', import.meta.url)), {
    env: { ...process.env, ...environment },
    execArgv: [],
  })
  return {
    send: request => void child.send(request),
    onMessage: listener => void child.on('message', listener),
    onEnd: listener => {
      child.once('error', listener)
      child.once('exit', listener)
    },
    kill: () => void child.kill(),
  }
}

function startWorker(worker: SoftTokenProcess) {
  let waiting: { resolve(publicKeys: readonly string[]): void; reject(error: Error): void } | null = null
  worker.onEnd(() => waiting?.reject(new Error('the SoftHSM worker ended')))
  worker.onMessage(message => {
    const reply = softTokenReplySchema.parse(message)
    if (reply.kind === 'failed') waiting?.reject(new Error(`SoftHSM: ${reply.reason}`))
    else waiting?.resolve(reply.publicKeys)
  })
  return {
    ask: (request: SoftTokenRequest) =>
      new Promise<readonly string[]>((resolve, reject) => {
        waiting = { resolve, reject }
        worker.send(request)
      }),
    async [Symbol.asyncDispose]() {
      worker.kill()
    },
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
