import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './cache.ts'
import type { Opinion, Peer, SignerFiles, Trust } from './types.ts'

/** How a program is run; the bench looks at its memory meanwhile. */
export type RunProgram = (command: string, args: readonly string[]) => Promise<{ readonly stdout: string }>

/** An NSS store that trusts these roots. */
async function makeStore(folder: string, trust: Trust): Promise<void> {
  await mkdir(folder)
  await run('certutil', ['-N', '-d', folder, '--empty-password'])
  const add = (path: string, name: string, flags: string) =>
    run('certutil', ['-A', '-d', folder, '-n', name, '-t', flags, '-i', path])
  for (const path of trust.roots) await add(path, 'root', 'CT,C,C')
  for (const path of trust.helpers) await add(path, 'authority', ',,')
}

/** Poppler's pdfsig, with an NSS store for each set of roots. */
export async function startPoppler(runSigner: RunProgram = run): Promise<Peer> {
  await run('pdfsig', ['-v'])
  await run('which', ['certutil', 'pk12util'])
  const folder = await mkdtemp(join(tmpdir(), 'peers-nss-'))
  const stores = new Map<Trust, Promise<string>>()
  const storeOf = (trust: Trust): Promise<string> => {
    const place = join(folder, String(stores.size))
    const store = stores.get(trust) ?? makeStore(place, trust).then(() => place)
    stores.set(trust, store)
    return store
  }
  const withKey = new Map<string, Promise<string>>()
  const addKey = async ({ keyStore, password }: SignerFiles, trust: Trust): Promise<string> => {
    const database = await storeOf(trust)
    await run('pk12util', ['-i', keyStore, '-d', database, '-W', password, '-K', ''])
    return database
  }
  return {
    name: 'pdfsig',
    async judge(file, trust) {
      // without -no-ocsp: with it, poppler 22.12 asks for revocation lists in the store
      const { stdout } = await runSigner('pdfsig', ['-nssdir', await storeOf(trust), file])
      return stdout
        .split(/^Signature #\d+:/m)
        .slice(1)
        .map((part): Opinion => {
          const detail = `${/Signature Validation: (.*)/.exec(part)?.[1]} ${/Certificate Validation: (.*)/.exec(part)?.[1] ?? ''}`
          const valid = detail.includes('Signature is Valid.') && detail.includes('Certificate is Trusted.')
          return {
            field: /Signature Field Name: (.*)/.exec(part)?.[1] ?? null,
            level: part.includes('Signature Type: unknown') ? 'timestamp' : null,
            valid,
            detail,
          }
        })
    },
    async sign({ input, output, signer, subFilter, field, trust }) {
      const database = withKey.get(signer.keyStore) ?? addKey(signer, trust)
      withKey.set(signer.keyStore, database)
      await runSigner('pdfsig', [
        ...['-nssdir', await database, '-add-signature', '-nick', 'signer', '-new-signature-field-name', field],
        ...(subFilter === 'ETSI.CAdES.detached' ? ['-etsi'] : []),
        ...[input, output],
      ])
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
