import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { certificatesBeside } from '../../electron/key-file-tokens.ts'
import { createPracticeOffice, PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { goTo, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { deskOfFile } from './support/desk-of-file.ts'
import { still } from './support/scene.ts'

const nameOf = (token: keyof typeof PRACTICE.tokens): string => `${PRACTICE.tokens[token].label} (tệp khóa)`
const WORDS = `Không đọc được tệp chứng thư số “${nameOf('organisation')}.crt” nằm cạnh tệp khóa`

/** The practice office as it is on a PC without SoftHSM, with one of its files lost. */
const own = deskOfFile(async dataFolder => {
  const folder = join(dataFolder, 'practice-office')
  await createPracticeOffice(folder, new Date(), undefined, false)
  writeFileSync(join(folder, 'practice', 'finished'), '')
  rmSync(certificatesBeside(join(folder, 'practice', 'tokens', `${nameOf('organisation')}.p12`)))
})

test('a lost certificate file hides its own token alone, and the screens say which file and what to do', async () => {
  const { page } = own
  await sitDown(page, 'clerk')
  await goTo(page, 'Thẻ ký số')
  await page.getByRole('heading', { name: nameOf('signer') }).waitFor()
  // A key file has no number.
  await page.getByText('PKCS#12', { exact: true }).waitFor()
  // Its password is not changed here, so nothing offers to.
  expect(await page.getByRole('button', { name: /^Đổi mã PIN/ }).count()).toBe(0)
  const fault = page.getByRole('region', { name: /^Tệp khóa .*\.p12$/ })
  await fault.getByText(WORDS).waitFor()
  await fault.getByText('Chép lại tệp này').waitFor()
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })

  await sitDown(page, 'admin')
  await goTo(page, 'Cài đặt')
  await page.locator('.setup-steps').getByText(WORDS).waitFor()
})
