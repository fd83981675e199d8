import { expect, test } from 'vitest'
import { tokenState } from '../../../renderer/settings/setup-steps.tsx'

const token = (...sha256: string[]) => ({
  tokens: [
    {
      module: 'm.so',
      slotId: 0,
      label: 'Thẻ',
      manufacturer: '',
      model: '',
      serialNumber: '',
      pinState: 'ok' as const,
      minimumPinLength: 6,
      maximumPinLength: 12,
      pinPad: false,
      certificates: sha256.map(each => ({
        sha256: each,
        commonName: '',
        issuer: '',
        serialNumber: '',
        validFrom: '',
        validUntil: '',
      })),
    },
  ],
})
const signer = (certificateSha256: string | null) => [{ roles: ['signer'] as const, active: true, certificateSha256 }]

test('the token step is done only when the signer’s and the office’s certificates are linked and really plugged in', () => {
  const office = { sealCertificateSha256: 's' }
  expect(tokenState({ tokens: [] }, signer('a'), office)).toBe('tokenNone')
  expect(tokenState(token('a', 's'), signer(null), office)).toBe('tokenSigner')
  expect(tokenState(token('a', 's'), signer('a'), { sealCertificateSha256: null })).toBe('tokenSeal')
  expect(tokenState(token('a'), signer('a'), office)).toBe('tokenAway')
  expect(tokenState(token('a', 's'), signer('a'), office)).toBe('tokenOk')
})
