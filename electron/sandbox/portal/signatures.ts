import type { VerificationReport } from '../../../native-signing/types.ts'

/**
 * Why a file is no certified electronic copy, or null when it is one: at least two intact signatures, the authorised person's first, the
 * organisation's last, nothing forbidden changed after (NĐ 30/2020 Đ12–13; NĐ 280/2025).
 * @param organisations SHA-256 of the certificates by which the portal knows the offices
 */
export function signatureProblem(report: VerificationReport, organisations: readonly string[]): string | null {
  const signatures = report.signatures
    .filter(signature => signature.kind === 'signature')
    .toSorted((a, b) => a.revisionEnd - b.revisionEnd)
  if (signatures.length < 2) return `Tệp kết quả phải có đủ hai chữ ký số, hiện có ${signatures.length}`
  if (!report.valid || signatures.some(s => s.integrity !== 'intact' || s.indication !== 'TOTAL-PASSED')) {
    return 'Chữ ký số trên tệp kết quả không hợp lệ'
  }
  const byOrganisation = signatures.map(s => s.signer !== null && organisations.includes(s.signer.sha256))
  if (!byOrganisation.at(-1)) return 'Chữ ký số sau cùng phải là của cơ quan, tổ chức'
  if (byOrganisation[0]) return 'Chữ ký số đầu tiên phải là của người có thẩm quyền'
  return null
}
