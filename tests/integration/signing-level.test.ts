import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { prepareSignature, verifyPdf } from '../../native-signing/index.ts'
import { pem } from '../support/openssl-tsa.ts'
import { request, samplePdf, temporaryFolder, testOffice } from '../unit/signing/support.ts'

const office = testOffice()

/** Lets openssl make the CMS (signing-certificate-v2 and signing-time in it) for a file that is prepared by us. */
async function signedByOpenssl(plain: string, target: string, key: string, certificate: string): Promise<void> {
  const { byteRange } = await prepareSignature(plain, request(office, office.chairman), { workFile: target })
  const [, first, second, length] = byteRange
  const file = readFileSync(target)
  writeFileSync(`${target}.content`, Buffer.concat([file.subarray(0, first), file.subarray(second, second + length)]))
  const cms = execFileSync('openssl', [
    ...['cms', '-sign', '-binary', '-cades', '-md', 'sha256', '-outform', 'DER'],
    ...['-signer', certificate, '-inkey', key, '-in', `${target}.content`],
  ])
  file.write(cms.toString('hex'), first + 1, 'latin1')
  writeFileSync(target, file)
}

test('a signature with the signing-time attribute is valid but of no baseline level', async () => {
  using folder = temporaryFolder('signing-level-')
  const [plain, signed, key, certificate] = ['plain.pdf', 'signed.pdf', 'key.pem', 'leaf.pem'].map(folder.file) as [
    string,
    string,
    string,
    string,
  ]
  writeFileSync(plain, await samplePdf())
  writeFileSync(key, office.chairman.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(certificate, pem(office.chairman.certificate.der))
  await signedByOpenssl(plain, signed, key, certificate)
  const { signatures } = await verifyPdf(signed, office.trust)
  expect(signatures.map(({ indication, level }) => [indication, level])).toEqual([['TOTAL-PASSED', null]])
})
