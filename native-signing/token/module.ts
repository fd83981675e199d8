import pkcs11js from 'pkcs11js'
import { SigningError } from '../errors.ts'
import type { RawToken } from './messages.ts'
import { tokenFlag } from './pin.ts'
import { formatReturnCode, returnCode, returnCodeOf } from './return-codes.ts'

/** Runs in the module's own process only: whatever a vendor's code does here, the program goes on. */
export type Module = pkcs11js.PKCS11
/** Handles of the binding: a CK_ULONG in the machine's own byte order. */
export type Handle = pkcs11js.Handle

/** More objects than any token has; a module that never comes to an end must not keep us. */
const mostObjects = 256

/**
 * Loads and initialises a module.
 * @param parameters what some modules want in pReserved of C_Initialize (NSS: where its databases lie), as p11-kit's `x-init-reserved`
 * @throws SigningError module-unusable
 */
export function loadModule(path: string, parameters?: string): Module {
  const module = new pkcs11js.PKCS11()
  try {
    module.load(path)
  } catch (cause) {
    throw new SigningError('module-unusable', { module: path, reason: 'not-pkcs11' }, { cause })
  }
  try {
    // The binding copies one letter too few of the parameters; a blank more is nobody's loss.
    module.C_Initialize(parameters === undefined ? undefined : { libraryParameters: `${parameters} ` })
  } catch (cause) {
    const code = returnCodeOf(cause)
    if (code !== returnCode.alreadyInitialized) {
      const parameters = { module: path, reason: 'not-initialised', returnCode: formatReturnCode(code ?? 0) }
      throw new SigningError('module-unusable', parameters, { cause })
    }
  }
  return module
}

/** All tokens with what they show without a PIN. A slot that cannot be read (blank or foreign card) is passed over. */
export function listTokens(module: Module): readonly RawToken[] {
  return module.C_GetSlotList(true).flatMap(slot => {
    try {
      const info = module.C_GetTokenInfo(slot)
      if (!isForSigning(info.flags)) return []
      return [
        {
          slotId: handleNumber(slot),
          label: trimmed(info.label),
          manufacturer: trimmed(info.manufacturerID),
          model: trimmed(info.model),
          serialNumber: trimmed(info.serialNumber),
          flags: info.flags,
          minimumPinLength: info.minPinLen,
          maximumPinLength: info.maxPinLen,
          certificates: publicCertificates(module, slot),
        },
      ]
    } catch (error) {
      if (returnCodeOf(error) === null) throw error
      return []
    }
  })
}

/** Not a blank one, nor one without any login, such as a store of trusted roots or a place for bare computing (NSS, p11-kit). */
const isForSigning = (flags: number): boolean =>
  (flags & tokenFlag.userPinInitialized) !== 0 ||
  ((flags & tokenFlag.tokenInitialized) !== 0 && (flags & tokenFlag.loginRequired) !== 0)

/** The slot of this number as it is now; null where its token is gone. */
export function findSlot(module: Module, slotId: number): Handle | null {
  return module.C_GetSlotList(true).find(slot => handleNumber(slot) === slotId) ?? null
}

function publicCertificates(module: Module, slot: Handle): readonly Uint8Array[] {
  const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION)
  try {
    return certificatesOf(module, session)
  } finally {
    module.C_CloseSession(session)
  }
}

/** DER of every certificate that this session may see. */
export function certificatesOf(module: Module, session: Handle): readonly Uint8Array[] {
  return findObjects(module, session, pkcs11js.CKO_CERTIFICATE).flatMap(object => {
    const value = attribute(module, session, object, pkcs11js.CKA_VALUE)
    return value && value.length > 0 ? [new Uint8Array(value)] : []
  })
}

export function findObjects(module: Module, session: Handle, objectClass: number): readonly Handle[] {
  module.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_CLASS, value: objectClass }])
  try {
    const found: Handle[] = []
    while (found.length < mostObjects) {
      const object = module.C_FindObjects(session)
      if (object === null) break
      found.push(object)
    }
    return found
  } finally {
    module.C_FindObjectsFinal(session)
  }
}

/** One attribute; null where the token does not tell it. Asked one by one, since one secret attribute fails a whole question. */
export function attribute(module: Module, session: Handle, object: Handle, type: number): Buffer | null {
  try {
    return module.C_GetAttributeValue(session, object, [{ type }])[0]?.value ?? null
  } catch (error) {
    if (returnCodeOf(error) === null) throw error
    return null
  }
}

/** Slot numbers have at most 48 bits here; the handle has four bytes on Windows and eight elsewhere. */
const handleNumber = (handle: Handle): number => handle.readUIntLE(0, Math.min(handle.length, 6))

/** Texts of PKCS#11 are blank padded; some modules pad with zero bytes. */
const trimmed = (text: string): string => text.replace(/[\0 ]+$/, '')
