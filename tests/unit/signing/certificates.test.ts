import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPki, revocationList, revokeCertificate } from '../../../electron/sandbox/pki.ts'
import { parseSignedData } from '../../../native-signing/cms/signed-data.ts'
import { DerError, readBer, readFirstBer } from '../../../native-signing/der/reader.ts'
import { integer, objectIdentifier, octetString, sequence, setOf } from '../../../native-signing/der/writer.ts'
import { SigningError } from '../../../native-signing/errors.ts'
import { readCertificate, validatePath } from '../../../native-signing/index.ts'
import { parseTimestampToken } from '../../../native-signing/trust/timestamp-token.ts'
import { testOffice, testSigner } from './support.ts'

const office = testOffice()
const now = new Date()
const { certificate } = office.chairman
const anchors = { trustAnchors: office.trust.trustAnchors }

describe('paths', () => {
  test('leaf, authority, root', () => {
    const verdict = validatePath(certificate, office.chain, anchors, now)
    expect(verdict).toMatchObject({ problem: null, revocationUnknown: true })
    expect(verdict.path.map(each => each.sha256)).toEqual(
      [certificate, ...office.chain, ...anchors.trustAnchors].map(each => each.sha256),
    )
  })

  test('a gap', () => expect(validatePath(certificate, [], anchors, now).problem).toBe('no-chain'))

  test('an authority of the same name with another key', () => {
    const stranger = createPki({ now })
    const verdict = validatePath(
      certificate,
      [readCertificate(stranger.subCa.certificate)],
      { trustAnchors: [readCertificate(stranger.root.certificate)] },
      now,
    )
    expect(verdict.problem).toBe('no-chain')
  })

  test('before and after its time', () => {
    expect(
      validatePath(certificate, office.chain, anchors, new Date(certificate.notAfter.getTime() + 1000)).problem,
    ).toBe('expired')
    expect(
      validatePath(certificate, office.chain, anchors, new Date(certificate.notBefore.getTime() - 1000)).problem,
    ).toBe('not-yet-valid')
  })

  test('a person is no authority', () => {
    const below = testSigner({
      ...office.pki,
      subCa: { certificate: certificate.der, privateKey: office.chairman.privateKey },
    })
    expect(validatePath(below.certificate, [certificate, ...office.chain], anchors, now).problem).toBe(
      'issuer-not-authority',
    )
  })

  test('revoked: from that moment on', () => {
    const at = new Date(now.getTime() - 3_600_000)
    const crls = [
      revocationList(revokeCertificate(office.pki, certificate.der, at), 'subCa', now),
      revocationList(office.pki, 'root', now),
    ]
    expect(validatePath(certificate, office.chain, { ...anchors, crls }, now)).toMatchObject({
      problem: 'revoked',
      revokedAt: new Date(Math.floor(at.getTime() / 1000) * 1000),
    })
    expect(
      validatePath(certificate, office.chain, { ...anchors, crls }, new Date(at.getTime() - 60_000)).problem,
    ).toBeNull()
    expect(validatePath(office.seal.certificate, office.chain, { ...anchors, crls }, now)).toMatchObject({
      problem: null,
      revocationUnknown: false,
    })
  })

  test("another authority's list, or garbage, says nothing", () => {
    const stranger = createPki({ now })
    const crls = [
      revocationList(revokeCertificate(stranger, certificate.der, new Date(0)), 'subCa', now),
      Buffer.from('x'),
    ]
    expect(validatePath(certificate, office.chain, { ...anchors, crls }, now)).toMatchObject({
      problem: null,
      revocationUnknown: true,
    })
  })
})

describe('certificate', () => {
  test('the parts that people see', () => {
    expect(certificate).toMatchObject({ commonName: 'Nguyễn Văn An (mẫu)' })
    expect(certificate.subject).toContain('CN=Nguyễn Văn An (mẫu)')
    expect(certificate.serialNumber).toMatch(/^[0-9a-f]+$/)
  })

  test('damaged ones are certificate-unreadable, whatever the damage', () => {
    fc.assert(
      fc.property(fc.nat(certificate.der.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = Uint8Array.from(certificate.der)
        damaged[place] = (damaged[place] ?? 0) ^ change
        try {
          readCertificate(damaged)
        } catch (error) {
          expect(error).toMatchObject({ code: 'certificate-unreadable' })
        }
      }),
    )
  })
})

describe('ASN.1', () => {
  test('random bytes give an element or DerError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        for (const read of [readFirstBer, parseSignedData, parseTimestampToken]) {
          try {
            read(bytes)
          } catch (error) {
            expect(error instanceof DerError || error instanceof SigningError).toBe(true)
          }
        }
      }),
    )
  })

  test('deep nesting and endless indefinite lengths are refused', () => {
    expect(() => readFirstBer(Buffer.from('3080'.repeat(100_000), 'hex'))).toThrow(DerError)
    expect(() => readFirstBer(Buffer.from('3080', 'hex'))).toThrow(DerError)
  })

  test('numbers and identifiers survive', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0x7fffffff }),
        fc.array(fc.nat(0xffffff), { maxLength: 6 }),
        (value, arcs) => {
          expect(readBer(integer(value)).smallInteger).toBe(value)
          const dotted = ['1', '2', ...arcs].join('.')
          expect(readBer(objectIdentifier(dotted)).objectIdentifier).toBe(dotted)
        },
      ),
    )
  })

  test('a SET OF is ordered by its encodings', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), values => {
        const set = readBer(setOf(...values.map(octetString))).children.map(child =>
          Buffer.from(child.bytes).toString('hex'),
        )
        expect(set).toEqual([...set].sort())
      }),
    )
  })

  test('BER pieces are put together', () => {
    const pieces = Buffer.concat([
      Buffer.from([0x24, 0x80]),
      octetString(Buffer.from('ab')),
      octetString(Buffer.from('c')),
      Buffer.from([0, 0]),
    ])
    expect(Buffer.from(readBer(pieces).octets).toString()).toBe('abc')
    expect(() => readBer(Buffer.concat([sequence(), Buffer.from([0])]))).toThrow(/trailing/)
  })
})
