import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ContentInfo, SignedData } from '@peculiar/asn1-cms'
import { AsnConvert } from '@peculiar/asn1-schema'
import { pem } from '../support/openssl-tsa.ts'
import { run } from './cache.ts'
import type { Opinion, Peer } from './types.ts'

const SIGNATURE_TIMESTAMP = '1.2.840.113549.1.9.16.2.14'

interface FoundSignature {
  readonly cms: ContentInfo
  readonly subFilter: string | null
  readonly content: Buffer
}

/** The parts of each signature, found by their text alone: nothing of our reader is used here. */
function* signatures(file: Buffer): Generator<FoundSignature> {
  for (const match of file.toString('latin1').matchAll(/\/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)) {
    const [a, b, c] = match.slice(1).map(Number) as [number, number, number]
    const hexadecimal = file.toString('latin1', a + 1, b - 1)
    const cms = AsnConvert.parse(Buffer.from(hexadecimal, 'hex'), ContentInfo)
    // the entries of the signature's dictionary, left and right of its /Contents
    const entries =
      file.toString('latin1', file.lastIndexOf(' obj', a), a) + file.toString('latin1', b, file.indexOf('endobj', b))
    const subFilter = /\/SubFilter\s*\/([\w.]+)/.exec(entries)?.[1] ?? null
    yield { cms, subFilter, content: Buffer.concat([file.subarray(0, a), file.subarray(b, b + c)]) }
  }
}

/** `openssl cms -verify` over the signed bytes, `openssl ts -verify` over the signature's time-stamp. */
export async function startOpenssl(): Promise<Peer> {
  await run('openssl', ['version'])
  const folder = await mkdtemp(join(tmpdir(), 'peers-openssl-'))
  const path = (name: string) => join(folder, name)
  const roots = ['-CAfile', path('roots.pem')]
  const bundle = async (files: readonly string[]) => pem(...(await Promise.all(files.map(file => readFile(file)))))

  async function verifyStamp(token: Uint8Array, stamped: Uint8Array): Promise<void> {
    await writeFile(path('token'), token)
    await writeFile(path('stamped'), stamped)
    await run('openssl', [
      ...['ts', '-verify', '-token_in', '-in', path('token'), '-data', path('stamped'), ...roots],
      ...['-untrusted', path('helpers.pem')],
    ])
  }

  async function verify({ cms, subFilter, content }: FoundSignature): Promise<Opinion> {
    let level = 'B-B'
    try {
      if (subFilter === 'ETSI.RFC3161') {
        level = 'timestamp'
        await verifyStamp(Buffer.from(AsnConvert.serialize(cms)), content)
        return { field: null, level, valid: true, detail: '' }
      }
      await writeFile(path('cms'), Buffer.from(AsnConvert.serialize(cms)))
      await writeFile(path('content'), content)
      await run('openssl', [
        ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', path('cms'), '-content', path('content'), ...roots],
        ...['-certfile', path('helpers.pem'), '-purpose', 'any', '-out', '/dev/null'],
        // signing-certificate attribute checked: PAdES has it, the older subfilter need not
        ...(subFilter === 'ETSI.CAdES.detached' ? ['-cades'] : []),
      ])
      const signer = AsnConvert.parse(cms.content, SignedData).signerInfos[0]
      const stamp = signer?.unsignedAttrs?.find(({ attrType }) => attrType === SIGNATURE_TIMESTAMP)?.attrValues[0]
      if (signer && stamp) {
        await verifyStamp(Buffer.from(stamp), Buffer.from(signer.signature.buffer))
        level = 'B-T'
      }
      return { field: null, level, valid: true, detail: '' }
    } catch (error) {
      const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
      return { field: null, level, valid: false, detail: output.replaceAll(/\s+/g, ' ').slice(0, 300) }
    }
  }
  return {
    name: 'openssl',
    highestLevel: 'B-T',
    async judge(file, trust) {
      await writeFile(path('roots.pem'), await bundle(trust.roots))
      await writeFile(path('helpers.pem'), await bundle(trust.helpers))
      const opinions: Opinion[] = []
      for (const found of signatures(await readFile(file))) opinions.push(await verify(found))
      return opinions
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
