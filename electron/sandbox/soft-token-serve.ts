import { createPublicKey, type JsonWebKey } from 'node:crypto'
import pkcs11js from 'pkcs11js'
import { certificateFields } from './pki-certificate.ts'
import { type SoftTokenReply, type SoftTokenRequest, softTokenRequestSchema } from './soft-token-messages.ts'

/** DER of the OID prime256v1, as CKA_EC_PARAMS wants it. */
const p256 = Buffer.from('06082a8648ce3d030107', 'hex')

/**
 * Makes practice tokens for who asks over the channel. Runs in a process of its own: it alone loads SoftHSM, with the configuration that
 * its environment names.
 */
export function serveSoftToken({
  send,
  onMessage,
}: {
  readonly send: (reply: SoftTokenReply) => void
  readonly onMessage: (listener: (message: unknown) => void) => void
}): void {
  onMessage(message => send(answer(message)))
}

function answer(message: unknown): SoftTokenReply {
  try {
    const request = softTokenRequestSchema.parse(message)
    return { kind: 'done', publicKeys: withModule(request, request.kind === 'make' ? make(request) : store(request)) }
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : 'unknown' }
  }
}

type Work = (module: pkcs11js.PKCS11) => string[]

function withModule(request: SoftTokenRequest, work: Work): string[] {
  const module = new pkcs11js.PKCS11()
  module.load(request.module)
  module.C_Initialize()
  try {
    return work(module)
  } finally {
    module.C_Finalize()
  }
}

function make(request: Extract<SoftTokenRequest, { kind: 'make' }>): Work {
  return module => {
    const empty = module
      .C_GetSlotList(true)
      .find(slot => (module.C_GetTokenInfo(slot).flags & pkcs11js.CKF_TOKEN_INITIALIZED) === 0)
    if (!empty) throw new Error('no free slot')
    module.C_InitToken(empty, request.securityOfficerPin, paddedLabel(request.label))
    const slot = slotOf(module, request.label)
    inSession(module, slot, pkcs11js.CKU_SO, request.securityOfficerPin, session =>
      module.C_InitPIN(session, request.pin),
    )
    return inSession(module, slot, pkcs11js.CKU_USER, request.pin, session =>
      request.keys.map((key, index) =>
        key === 'ec-p256'
          ? makeEllipticKey(module, session, identifier(index))
          : makeRsaKey(module, session, identifier(index), key === 'rsa-3072' ? 3072 : 2048),
      ),
    )
  }
}

function store(request: Extract<SoftTokenRequest, { kind: 'store' }>): Work {
  const chain = request.chain.map((der, index) => ({ der, id: Buffer.from([0xca, index]), label: 'CA' }))
  const own = request.certificates.map(({ index, der, label }) => ({ der, id: identifier(index), label }))
  return module =>
    inSession(module, slotOf(module, request.label), pkcs11js.CKU_USER, request.pin, session => {
      for (const { der, id, label } of [...own, ...chain]) {
        const value = Buffer.from(der, 'base64')
        const { subject, issuer, serialNumber } = certificateFields(value)
        module.C_CreateObject(session, [
          { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
          { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
          { type: pkcs11js.CKA_TOKEN, value: true },
          { type: pkcs11js.CKA_PRIVATE, value: false },
          { type: pkcs11js.CKA_ID, value: id },
          { type: pkcs11js.CKA_LABEL, value: Buffer.from(label, 'utf8') },
          { type: pkcs11js.CKA_SUBJECT, value: subject },
          { type: pkcs11js.CKA_ISSUER, value: issuer },
          { type: pkcs11js.CKA_SERIAL_NUMBER, value: serialNumber },
          { type: pkcs11js.CKA_VALUE, value },
        ])
      }
      return []
    })
}

function inSession<Result>(
  module: pkcs11js.PKCS11,
  slot: Buffer,
  user: number,
  pin: string,
  work: (session: Buffer) => Result,
): Result {
  const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION)
  try {
    module.C_Login(session, user, pin)
    return work(session)
  } finally {
    module.C_CloseSession(session)
  }
}

function slotOf(module: pkcs11js.PKCS11, label: string): Buffer {
  const slot = module.C_GetSlotList(true).find(each => module.C_GetTokenInfo(each).label.trim() === label)
  if (!slot) throw new Error('the new token is not there')
  return slot
}

/** C_InitToken reads exactly 32 bytes, blank padded (PKCS#11 v3.0 §5.5). */
function paddedLabel(label: string): string {
  const bytes = Buffer.byteLength(label)
  if (bytes > 32) throw new Error('a token label has at most 32 bytes')
  return label + ' '.repeat(32 - bytes)
}

/** CKA_ID that ties key and certificate together. */
const identifier = (index: number): Buffer => Buffer.from([0x01, index])

const publicTemplate = (id: Buffer): pkcs11js.Template => [
  { type: pkcs11js.CKA_TOKEN, value: true },
  { type: pkcs11js.CKA_PRIVATE, value: false },
  { type: pkcs11js.CKA_VERIFY, value: true },
  { type: pkcs11js.CKA_ID, value: id },
]
const privateTemplate = (id: Buffer): pkcs11js.Template => [
  { type: pkcs11js.CKA_TOKEN, value: true },
  { type: pkcs11js.CKA_PRIVATE, value: true },
  { type: pkcs11js.CKA_SENSITIVE, value: true },
  { type: pkcs11js.CKA_EXTRACTABLE, value: false },
  { type: pkcs11js.CKA_SIGN, value: true },
  { type: pkcs11js.CKA_ID, value: id },
]

function makeRsaKey(module: pkcs11js.PKCS11, session: Buffer, id: Buffer, bits: number): string {
  const { publicKey } = module.C_GenerateKeyPair(
    session,
    { mechanism: pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN },
    [
      ...publicTemplate(id),
      { type: pkcs11js.CKA_MODULUS_BITS, value: bits },
      { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
    ],
    privateTemplate(id),
  )
  const [modulus, exponent] = attributes(module, session, publicKey, pkcs11js.CKA_MODULUS, pkcs11js.CKA_PUBLIC_EXPONENT)
  return exportKey({ kty: 'RSA', n: modulus?.toString('base64url') ?? '', e: exponent?.toString('base64url') ?? '' })
}

function makeEllipticKey(module: pkcs11js.PKCS11, session: Buffer, id: Buffer): string {
  const { publicKey } = module.C_GenerateKeyPair(
    session,
    { mechanism: pkcs11js.CKM_EC_KEY_PAIR_GEN },
    [...publicTemplate(id), { type: pkcs11js.CKA_EC_PARAMS, value: p256 }],
    privateTemplate(id),
  )
  const [point] = attributes(module, session, publicKey, pkcs11js.CKA_EC_POINT)
  // CKA_EC_POINT is an OCTET STRING around 04 || x || y.
  const coordinates = point?.subarray(-64)
  return exportKey({
    kty: 'EC',
    crv: 'P-256',
    x: coordinates?.subarray(0, 32).toString('base64url') ?? '',
    y: coordinates?.subarray(32).toString('base64url') ?? '',
  })
}

function attributes(module: pkcs11js.PKCS11, session: Buffer, object: Buffer, ...types: readonly number[]) {
  return module
    .C_GetAttributeValue(
      session,
      object,
      types.map(type => ({ type })),
    )
    .map(result => result.value)
}

function exportKey(key: JsonWebKey): string {
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'der' }).toString('base64')
}
