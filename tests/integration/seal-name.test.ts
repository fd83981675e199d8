import { afterAll, beforeAll, expect, test } from 'vitest'
import { sealProblem } from '../../electron/api/seal-problem.ts'
import { openPracticeOffice, PRACTICE, type PracticeOffice } from '../../electron/sandbox/practice-state.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { openPractice, type Practice } from '../support/practice.ts'

let practice: Practice
let certificates: PracticeOffice['certificates']
beforeAll(async () => {
  practice = await openPractice()
  ;({ certificates } = await openPracticeOffice(practice.officeFolder))
})
afterAll(() => practice[Symbol.asyncDispose]())

test('a certificate of another name than the office’s is warned of before it is kept for the seal', async () => {
  const admin = await practice.actor('admin')
  expect(await sealProblem(practice.desk, admin, certificates.signer)).toMatchObject({
    code: 'seal-other-name',
    parameters: { name: PRACTICE.people.signer, office: PRACTICE.office },
  })
  expect(await sealProblem(practice.desk, admin, certificates.organisation)).toBeNull()
  // Not plugged in: nothing can be said of it.
  expect(await sealProblem(practice.desk, admin, '0'.repeat(64))).toBeNull()
})

test('at the terminal the same is said, kept all the same, and the picture of the seal stays', async () => {
  const keep = async (certificate: string) => {
    const office = ['--office', practice.officeFolder, '--certificate', certificate]
    const { status, stdout, stderr } = await ctdesk(['office', 'seal-certificate', ...office, '--json'])
    return { status, stderr, data: JSON.parse(stdout) }
  }
  const other = await keep(certificates.signer)
  expect(other).toMatchObject({
    status: 0,
    data: { sealCertificateSha256: certificates.signer, hasSealImage: true, warning: 'seal-other-name' },
  })
  expect(other.stderr).toContain(`mang tên “${PRACTICE.people.signer}”`)
  expect(await keep(certificates.organisation)).toMatchObject({ status: 0, stderr: '', data: { warning: null } })
})
