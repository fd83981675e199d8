import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPki, revocationList, revokeCertificate } from '../../../electron/sandbox/pki.ts'
import { parseSignedData } from '../../../native-signing/cms/signed-data.ts'
import { DerError } from '../../../native-signing/der/reader.ts'
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

describe('CMS', () => {
  test('random bytes give a structure or an error of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        for (const read of [parseSignedData, parseTimestampToken]) {
          try {
            read(bytes)
          } catch (error) {
            expect(error instanceof DerError || error instanceof SigningError).toBe(true)
          }
        }
      }),
    )
  })
})
