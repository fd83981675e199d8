import { randomFillSync } from 'node:crypto'
import { createAuditService } from './audit/audit.ts'
import { createCopyService } from './copies/copies.ts'
import { createDeliveryService } from './delivery/delivery.ts'
import type { OfficeParts } from './parts.ts'
import { createPeopleService } from './people/people.ts'
import { createRegisterService } from './register/register.ts'
import { createRequestService } from './requests/requests.ts'
import type { OfficeService } from './service.ts'
import { createSigningService } from './signing/signing.ts'

/** The office service over the parts handed in; holds no state of its own, so several may run on one store. */
export function createOffice(parts: OfficeParts): OfficeService {
  return {
    people: createPeopleService(parts),
    requests: createRequestService(parts),
    copies: createCopyService(parts),
    signing: createSigningService(parts),
    register: createRegisterService(parts),
    delivery: createDeliveryService(parts),
    audit: createAuditService(parts),
  }
}

/** Random ids that sort by age: UUID version 7 (RFC 9562 §5.7). */
export function uuidV7(now: Date = new Date()): string {
  const bytes = randomFillSync(new Uint8Array(16))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, Math.floor(now.getTime() / 0x10000))
  view.setUint16(4, now.getTime() % 0x10000)
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
