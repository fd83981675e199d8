/**
 * Our engine as one of the compared programs: one JSON request a line on stdin, one JSON answer a line on stdout, like its peers. The limit is
 * measured here too: copy by the system, SHA-256 of the file, one operation of the same key.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, readFile, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import {
  completeSignature,
  prepareSignature,
  readCertificate,
  type SignatureRequest,
  signBatch,
  signWithToken,
  type TokenSession,
  type TrustSettings,
  verifyPdf,
} from '../../native-signing/index.ts'
import { openKeyFile } from '../../native-signing/token/index.ts'

const paths = z.array(z.string())
const startSchema = z.object({
  ...{ keyStore: z.string(), password: z.string(), roots: paths, helpers: paths, lists: paths },
  /** Of the visible mark. */
  image: z.string().nullable(),
})
const requestSchema = z.discriminatedUnion('command', [
  z.object({ command: z.literal('limit'), input: z.string(), output: z.string(), tokenMilliseconds: z.number() }),
  z.object({
    ...{ command: z.literal('sign'), input: z.string(), output: z.string(), field: z.string() },
    tokenMilliseconds: z.number(),
  }),
  z.object({ command: z.literal('judge'), file: z.string() }),
  z.object({ command: z.literal('batch'), inputs: paths, outputs: paths, tokenMilliseconds: z.number() }),
  z.object({ command: z.literal('token'), times: z.number(), tokenMilliseconds: z.number() }),
])
type Request = z.infer<typeof requestSchema>

const start = startSchema.parse(JSON.parse(process.argv[2] ?? ''))
const certificates = async (files: readonly string[]) =>
  (await Promise.all(files.map(file => readFile(file)))).map(readCertificate)
const trust: TrustSettings = {
  trustAnchors: await certificates(start.roots),
  intermediates: await certificates(start.helpers),
  crls: await Promise.all(start.lists.map(file => readFile(file))),
}
const session = await openKeyFile(await readFile(start.keyStore), Buffer.from(start.password), 'bench')
const certificate = only(session.certificates)
const chain = await certificates(start.helpers)
const millimetre = 72 / 25.4
const appearance = start.image && {
  page: 1,
  rectangle: { x: 300, y: 100, width: 50 * millimetre, height: 25 * millimetre },
  image: await readFile(start.image),
}

function only<T>([one]: readonly T[]): T {
  if (!one) throw new Error('no key')
  return one
}

function request(fieldName: string): SignatureRequest {
  return {
    ...{ certificate, chain, scheme: 'RSA-PKCS1', hash: 'SHA-256', fieldName },
    ...{ appearance: appearance || null, signingTime: new Date() },
    ...{ reason: null, location: null, signerName: certificate.commonName },
  }
}

/** The same key behind a token that takes its time. */
function tokenTaking(milliseconds: number): TokenSession {
  if (milliseconds === 0) return session
  return {
    ...{ token: session.token, certificates: session.certificates, schemes: sha256 => session.schemes(sha256) },
    async sign(...what) {
      await delay(milliseconds)
      return session.sign(...what)
    },
    close: () => session.close(),
    [Symbol.asyncDispose]: () => session.close(),
  }
}

async function answer(asked: Request): Promise<unknown> {
  switch (asked.command) {
    case 'limit': {
      await copyFile(asked.input, asked.output)
      const hash = createHash('sha256')
      await pipeline(createReadStream(asked.input, { highWaterMark: 1 << 20 }), hash)
      await tokenTaking(asked.tokenMilliseconds).sign(certificate.sha256, 'RSA-PKCS1', 'SHA-256', hash.digest())
      return 'measured'
    }
    case 'sign': {
      const { input, output, field } = asked
      const options = { workFile: `${output}.work`, timestampBytes: 0 }
      const prepared = await prepareSignature(input, request(field), options)
      const value = await signWithToken(prepared, tokenTaking(asked.tokenMilliseconds))
      await completeSignature(prepared, value, { timestamper: null, trust, output })
      return 'signed'
    }
    case 'judge': {
      const { signatures } = await verifyPdf(asked.file, trust)
      return signatures.map(({ field, level, indication, changesAfter }) => {
        return {
          field,
          level,
          valid: indication === 'TOTAL-PASSED' && changesAfter !== 'forbidden',
          detail: changesAfter,
        }
      })
    }
    case 'batch': {
      const { inputs, outputs, tokenMilliseconds } = asked
      const files = inputs.map((input, index) => {
        const output = outputs[index] ?? ''
        return { input, output, workFile: `${output}.work`, request: request('Signature') }
      })
      let done = 0
      for await (const outcome of signBatch(files, tokenTaking(tokenMilliseconds), { timestamper: null, trust })) {
        if (outcome.result === 'done') done++
        await rm(outcome.file.output, { force: true })
      }
      return done
    }
    case 'token': {
      const token = tokenTaking(asked.tokenMilliseconds)
      const data = new Uint8Array(100)
      for (let time = 0; time < asked.times; time++) await token.sign(certificate.sha256, 'RSA-PKCS1', 'SHA-256', data)
      return asked.times
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply: object
  try {
    reply = { answer: await answer(requestSchema.parse(JSON.parse(line))) }
  } catch (error) {
    reply = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
