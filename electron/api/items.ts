import type { Certificate, SignatureVerdict, TokenInfo, VerificationMessage } from '../../native-signing/types.ts'
import type { Actor, BookView, CopyView, PageView, PersonView, RequestView } from '../office/types.ts'
import { roleOf } from '../office/verification/signature-role.ts'
import type { ApiDesk } from './context.ts'
import type { CopyItem, PageItem } from './contract/copies.ts'
import type { BookItem } from './contract/register.ts'
import type { RequestItem } from './contract/requests.ts'
import type { PersonItem } from './contract/session.ts'
import type { CertificateItem, TokenItem } from './contract/signing.ts'
import type { SignatureItem } from './contract/verify.ts'

const time = (date: Date): string => date.toISOString()
const timeOrNull = (date: Date | null): string | null => date?.toISOString() ?? null

export const personItem = (person: PersonView): PersonItem => ({
  id: person.id,
  name: person.name,
  roles: person.roles,
  signerTitle: person.signerTitle,
  certificateSha256: person.certificateSha256,
  hasSignatureImage: person.hasSignatureImage,
  hasPassword: person.hasPassword,
  active: person.active,
})

/** Makes copies and requests ready for the page, with the names that belong to their ids. One per call: it remembers the names. */
export class ItemMaker {
  readonly #desk: ApiDesk
  readonly #actor: Actor
  #names: ReadonlyMap<string, string> | null = null

  constructor(desk: ApiDesk, actor: Actor) {
    this.#desk = desk
    this.#actor = actor
  }

  async copy(copy: CopyView): Promise<CopyItem> {
    const names = await this.#peopleNames()
    const name = (personId: string | null) => (personId === null ? null : (names.get(personId) ?? ''))
    const claimed = copy.claimedBy !== null && copy.claimedUntil !== null
    return {
      id: copy.id,
      version: copy.version,
      requestId: copy.requestId,
      requesterName: copy.requesterName,
      state: copy.state,
      title: copy.title,
      kind: copy.kind,
      issuer: copy.issuer,
      copyCount: copy.copyCount,
      pageCount: copy.pageCount,
      originalPages: copy.originalPages,
      fee: copy.fee,
      certification: copy.certification,
      receivedAt: time(copy.receivedAt),
      dueAt: time(copy.dueAt),
      remark: copy.remark,
      claim: claimed
        ? {
            personId: copy.claimedBy ?? '',
            personName: name(copy.claimedBy) ?? '',
            until: timeOrNull(copy.claimedUntil) ?? '',
          }
        : null,
      officerName: name(copy.officerId) ?? '',
      signerName: name(copy.signerId),
      clerkName: name(copy.clerkId),
      signedAt: timeOrNull(copy.signedAt),
      sealedAt: timeOrNull(copy.sealedAt),
      receipt: copy.receipt,
    }
  }

  async copies(copies: readonly CopyView[]): Promise<readonly CopyItem[]> {
    const items: CopyItem[] = []
    for (const copy of copies) items.push(await this.copy(copy))
    return items
  }

  async request(request: RequestView): Promise<RequestItem> {
    return {
      id: request.id,
      requester: request.requester,
      receivedAt: time(request.receivedAt),
      receivedBy: (await this.#peopleNames()).get(request.receivedBy) ?? '',
      dueAt: time(request.dueAt),
      extension: request.extension,
      appointmentNeeded: request.appointmentNeeded,
      exemptionId: request.exemptionId,
      copies: await this.copies(request.copies),
    }
  }

  async requestOf(copy: CopyView): Promise<RequestItem> {
    return this.request(await this.#desk.office.requests.read(this.#actor, copy.requestId))
  }

  async pages(copyId: string): Promise<readonly PageItem[]> {
    return (await this.#desk.office.copies.pages(this.#actor, copyId)).map(page => pageItem(copyId, page))
  }

  async #peopleNames(): Promise<ReadonlyMap<string, string>> {
    this.#names ??= new Map((await this.#desk.people()).map(person => [person.id, person.name]))
    return this.#names
  }
}

const pageItem = (copyId: string, page: PageView): PageItem => {
  const rotation = page.rotation ?? 0
  return {
    id: page.id,
    widthPx: page.widthPx,
    heightPx: page.heightPx,
    dpi: page.dpi,
    rotation,
    url: `/page/${copyId}/${page.id}?turn=${rotation}`,
  }
}

/** Where the page finds a copy's PDF file. */
export const copyFileUrl = (copyId: string, stage: 'composed' | 'signed' | 'sealed' | 'archived'): string =>
  `/file/copy/${copyId}/${stage}.pdf`

export const bookItem = (book: BookView): BookItem => ({
  ...book,
  openedAt: time(book.openedAt),
  closedAt: timeOrNull(book.closedAt),
})

export const certificateItem = (certificate: Certificate): CertificateItem => ({
  sha256: certificate.sha256,
  commonName: certificate.commonName,
  issuer: certificate.issuer,
  serialNumber: certificate.serialNumber,
  validFrom: time(certificate.notBefore),
  validUntil: time(certificate.notAfter),
})

export const tokenItem = (token: TokenInfo): TokenItem => ({
  module: token.module,
  slotId: token.slotId,
  label: token.label,
  manufacturer: token.manufacturer,
  model: token.model,
  serialNumber: token.serialNumber,
  pinState: token.pinState,
  minimumPinLength: token.minimumPinLength,
  maximumPinLength: token.maximumPinLength,
  pinPad: token.pinPad,
  certificates: token.certificates.map(certificateItem),
})

export const signatureItem = (
  verdict: SignatureVerdict,
  sentence: (message: Pick<VerificationMessage, 'code' | 'parameters'>) => string,
): SignatureItem => ({
  field: verdict.field,
  kind: verdict.kind,
  role: roleOf(verdict),
  signerName: verdict.signerName,
  certificate: verdict.signer ? certificateItem(verdict.signer) : null,
  claimedTime: timeOrNull(verdict.claimedTime),
  provenTime: timeOrNull(verdict.provenTime),
  level: verdict.level,
  integrity: verdict.integrity,
  coverage: verdict.coverage,
  changesAfter: verdict.changesAfter,
  indication: verdict.indication,
  subIndication: verdict.subIndication,
  // later additions are listed as changes
  messages: verdict.messages
    .filter(({ code }) => code !== 'verify-later-additions')
    .map(message => ({ severity: message.severity, text: sentence(message) })),
  changes: verdict.changes.map(({ kind, permitted, page, rectangle }) => ({
    kind,
    text: sentence({ code: `change-${kind}`, parameters: {} }),
    judged: !permitted ? 'forbidden' : kind === 'content-covered' ? 'hides' : 'permitted',
    page: page ?? null,
    rectangle: rectangle ?? null,
  })),
  revisionEnd: verdict.revisionEnd,
})
