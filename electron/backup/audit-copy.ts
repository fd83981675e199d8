import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditFinding } from '../office/audit/findings.ts'
import { verifyRows } from '../office/audit/verify-register.ts'
import type { Reader } from '../store/store.ts'
import { DATABASE_FILE, openStore } from '../store/store.ts'

/** What a register that does not hold together says of itself; empty where it does. The one place where a backup's register is judged. */
export async function auditFindings(reader: Reader, officeId: string): Promise<readonly AuditFinding[]> {
  return (await verifyRows(reader, officeId)).findings
}

/** The same of a database file that stays as it is: a copy is brought to this program's tables and audited. @throws StoreError as `openStore` */
export async function auditFile(path: string, officeId: string): Promise<readonly AuditFinding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'office-audit-'))
  try {
    await copyFile(path, join(folder, DATABASE_FILE))
    const store = await openStore(join(folder, DATABASE_FILE))
    try {
      return await auditFindings(store.reader, officeId)
    } finally {
      await store.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
