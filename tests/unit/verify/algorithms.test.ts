import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revocationList } from '../../../electron/sandbox/pki.ts'
import { startTimestampAuthority } from '../../../electron/sandbox/timestamp-authority.ts'
import { createTimestamper, extendPdf, verifyPdf } from '../../../native-signing/index.ts'
import { readPathCertificate, readRevocationList } from '../../../native-signing/path/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { ALGORITHM_RULES, type AlgorithmRules } from '../../../native-signing/trust/algorithm-rules.ts'
import { existenceIn } from '../../../native-signing/verify/existence.ts'
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
  const proofs = facts.flatMap(({ located, provenTime: time }) =>
    located.kind === 'document-timestamp' && time ? [{ revision: document.cutAt(located.revisionEnd), time }] : [],
  )
  const [proof] = proofs
  const existedAt = existenceIn(proofs, facts)
  const certificates = [person.certificate.der, office.pki.subCa.certificate, identity.certificate]
  for (const der of certificates) expect(existedAt(readPathCertificate(der))).toEqual(proof?.time)
  for (const der of lists) expect(existedAt(readRevocationList(der))).toEqual(proof?.time)
  expect(existedAt(readPathCertificate(office.seal.certificate.der))).toBeNull()
  expect(existedAt({ ...readPathCertificate(person.certificate.der), signature: new Uint8Array(256) })).toBeNull()
  expect(existenceIn([], facts)(readPathCertificate(person.certificate.der))).toBeNull()
})
