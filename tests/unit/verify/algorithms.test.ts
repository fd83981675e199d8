import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revocationList } from '../../../electron/sandbox/pki.ts'
import { startTimestampAuthority } from '../../../electron/sandbox/timestamp-authority.ts'
import { createTimestamper, extendPdf, SigningError, verifyPdf } from '../../../native-signing/index.ts'
import { readPathCertificate, readRevocationList, type Signed } from '../../../native-signing/path/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { ALGORITHM_RULES, type AlgorithmRules } from '../../../native-signing/trust/algorithm-rules.ts'
import type { ExistedAt } from '../../../native-signing/trust/chain.ts'
import { fetchMissing } from '../../../native-signing/trust/missing-data.ts'
import { RemoteData } from '../../../native-signing/trust/remote-data.ts'
import type { StatusFetcher } from '../../../native-signing/trust/status-fetcher.ts'
import { provenExistence } from '../../../native-signing/verify/existence.ts'
import { examineFile } from '../../../native-signing/verify/verify.ts'
import { samplePdf, signFile, temporaryFolder, testOffice, testSigner } from '../signing/support.ts'

const DAY = 86_400_000
const folder = temporaryFolder('algorithms-')
const office = testOffice()
/** The person signs by a curve, authorities by RSA: the rules can tell them apart. */
const person = testSigner(office.pki, { key: 'p-256' })
const plain = folder.file('plain.pdf')
const bare = folder.file('bare.pdf')
const stamped = folder.file('stamped.pdf')
const later = new Date(Date.now() + 20 * DAY)

beforeAll(async () => {
  writeFileSync(plain, await samplePdf())
  await signFile(office, person, plain, bare)
  const identity = office.pki.timestampAuthority
  const authority = await startTimestampAuthority({ identity, chain: [office.pki.subCa.certificate] })
  const timestamper = createTimestamper({ url: authority.url, tries: 1 })
  await signFile(office, person, plain, stamped, { timestamper })
  await authority.close()
})
afterAll(() => folder[Symbol.dispose]())

const ending = (kind: 'EC' | 'RSA', until: Date): AlgorithmRules => ({
  ...ALGORITHM_RULES,
  keys: ALGORITHM_RULES.keys.map(rule => (rule.kind === kind ? { ...rule, until } : rule)),
})
const judged = async (file: string, algorithms: AlgorithmRules, at = later) =>
  (await verifyPdf(file, { ...office.trust, algorithms, at })).signatures[0]

describe('an algorithm whose time ends', () => {
  test('is relied on as long as its time lasts', async () => {
    expect(await judged(bare, ending('EC', new Date(later.getTime() + DAY)))).toMatchObject({
      indication: 'TOTAL-PASSED',
    })
  })

  test('without time-stamp nothing proves that the signature is older', async () => {
    expect(await judged(bare, ending('EC', new Date(Date.now() + 10 * DAY)))).toMatchObject({
      integrity: 'intact',
      indication: 'INDETERMINATE',
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      messages: [{ code: 'verify-algorithm-ended', parameters: { algorithm: 'prime256v1' } }, {}, {}],
    })
  })

  test('a time-stamp from before its end keeps the signature', async () => {
    expect(await judged(stamped, ending('EC', new Date(Date.now() + 10 * DAY)))).toMatchObject({
      indication: 'TOTAL-PASSED',
      level: 'B-T',
    })
  })

  test('a time-stamp from after its end does not', async () => {
    expect(await judged(stamped, ending('EC', new Date(Date.now() - DAY)))).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
    })
  })

  test("one that ended for the time-stamp's own signature proves nothing any more", async () => {
    const verdict = await judged(stamped, ending('RSA', new Date(Date.now() + 10 * DAY)))
    expect(verdict).toMatchObject({ provenTime: null })
    expect(verdict?.messages.map(({ code }) => code)).toContain('verify-timestamp-untrusted')
  })

  test('one that no rule knows is never relied on', async () => {
    const { keys, ...rules } = ALGORITHM_RULES
    const verdict = await judged(stamped, { ...rules, keys: keys.filter(({ kind }) => kind !== 'EC') })
    expect(verdict).toMatchObject({ indication: 'INDETERMINATE' })
    expect(verdict?.messages.map(({ code }) => code)).toContain('verify-algorithm-never')
  })
})

test('what an archive time-stamp covers existed at its time: certificates, lists, those in signatures and in tokens; nothing else did', async () => {
  const lists = (['root', 'subCa'] as const).map(authority => revocationList(office.pki, authority, new Date()))
  const identity = office.pki.timestampAuthority
  const own = await startTimestampAuthority({ identity, chain: [office.pki.subCa.certificate] })
  const output = folder.file('archived.pdf')
  const timestamper = createTimestamper({ url: own.url, tries: 1 })
  const trust = { ...office.trust, crls: lists }
  await extendPdf(stamped, { level: 'B-LTA', timestamper, trust, fetcher: null, output })
  await own.close()
  const { facts } = await examineFile(output, trust, [])
  const document = PdfDocument.open(new MemorySource(readFileSync(output)))
  const time = facts.find(({ located }) => located.kind === 'document-timestamp')?.provenTime
  const existedAt = provenExistence(facts, ({ revisionEnd }) => document.cutAt(revisionEnd))
  const certificates = [person.certificate.der, office.pki.subCa.certificate, identity.certificate]
  for (const der of certificates) expect(existedAt(readPathCertificate(der))).toEqual(time)
  for (const der of lists) expect(existedAt(readRevocationList(der))).toEqual(time)
  expect(time).toBeInstanceOf(Date)
  expect(existedAt(readPathCertificate(office.seal.certificate.der))).toBeNull()
  expect(existedAt({ ...readPathCertificate(person.certificate.der), signature: new Uint8Array(256) })).toBeNull()
  expect(provenExistence(facts, () => null)(readPathCertificate(person.certificate.der))).toBeNull()
})

describe('what authorities are asked for when their algorithm has ended since', () => {
  const authorities = testOffice('http://127.0.0.1:1')
  const signer = testSigner(authorities.pki, { key: 'p-256' })
  const lists = (['root', 'subCa'] as const).map(authority => revocationList(authorities.pki, authority, new Date()))
  const at = new Date()
  const algorithms = ending('RSA', new Date(Date.now() + 10 * DAY))
  async function asked(crls: readonly Uint8Array[], existedAt: ExistedAt): Promise<readonly string[]> {
    const addresses: string[] = []
    const fetcher: StatusFetcher = {
      fetch: address => {
        addresses.push(address)
        return Promise.reject(new SigningError('validation-data-unavailable'))
      },
    }
    const question = { certificate: signer.certificate, embedded: [], at, named: true }
    const known = { trust: { ...authorities.trust, crls, algorithms }, existedAt, now: later }
    await fetchMissing([question], known, new RemoteData(fetcher))
    return addresses
  }

  test('nothing where the file proves that list and path are older', async () => {
    expect(await asked(lists, () => at)).toEqual([])
  })

  test('the status where it proves so of the path alone', async () => {
    expect(await asked([], () => at)).not.toEqual([])
    const certificates = authorities.chain.map(({ der }) => readPathCertificate(der).signature)
    const isOfPath = ({ signature }: Signed) => certificates.some(each => Buffer.compare(each, signature) === 0)
    expect(await asked(lists, signed => (isOfPath(signed) ? at : null))).not.toEqual([])
  })

  test('nothing about a path that could have been forged since', async () => {
    expect(await asked([], () => null)).toEqual([])
  })
})
