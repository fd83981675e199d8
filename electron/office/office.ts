import { createArchiveService } from './archive/archive.ts'
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
    archive: createArchiveService(parts),
    delivery: createDeliveryService(parts),
    audit: createAuditService(parts),
  }
}
