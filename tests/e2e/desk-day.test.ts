import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { CITIZEN, chooseGlass, goTo, receive, row, scan, sign, sitDown, submit } from './support/at-the-desk.ts'
import { launchDesk } from './support/launch.ts'
import { personalStore, testScanner } from './support/practice-world.ts'

test('the whole job by the screen alone: three people, scanner and tokens, from receipt to the citizen’s store', async () => {
  using folder = temporaryFolder()
  const { environment } = testScanner(folder.file('scanner'))
  await using desk = await launchDesk({ dataFolder: folder.path, practice: true, environment })
  const { page } = desk
  const title = 'Bằng tốt nghiệp đại học (mẫu)'

  // The officer takes the paper, scans both sides of it one after the other, compares and hands on.
  await sitDown(page, 'officer')
  await receive(page, [{ title, issuer: 'Trường Đại học Mẫu', copies: 2 }])
  await chooseGlass(page)
  await scan(page)
  await scan(page)
  await submit(page)
  await page.getByText('Không còn việc nào chờ').waitFor()
  await page.getByText('Đã chuyển đi').click()
  await row(page, title).getByText('Chờ ký').waitFor()

  // The chairman sees it at once, reads the statement and signs.
  await sitDown(page, 'signer')
  await row(page, title).waitFor()
  await page.getByRole('figure').getByText('CHỦ TỊCH').waitFor()
  expect(await sign(page, 'signature')).toContain('Đã ký 1 bản')
  await page.getByText('Không có bản nào chờ ký').waitFor()

  // The clerk seals; the program sends it by itself.
  await sitDown(page, 'clerk')
  await row(page, title).waitFor()
  expect(await sign(page, 'seal')).toContain('Đã đóng dấu 1 bản')
  await goTo(page, 'Trả kết quả')
  await page.getByRole('heading', { name: 'Đã đến nơi (1)' }).waitFor()
  const delivered = page.getByRole('listitem').filter({ hasText: title })
  await delivered.getByText('Số 01, quyển').waitFor()
  await delivered.getByText('Biên nhận').waitFor()

  // The register has its line.
  await goTo(page, 'Sổ chứng thực')
  await row(page, title).getByText(CITIZEN.name).waitFor()

  // And the citizen has the very file that the office keeps.
  const store = await personalStore(desk)
  const papers = await store.papers(CITIZEN.personalNumber, CITIZEN.name)
  expect(papers.map(paper => paper.title)).toEqual([expect.stringContaining(title)])
  const [paper] = papers
  if (!paper) throw new Error('no paper')
  const received = await store.file(paper)
  await goTo(page, 'Trả kết quả')
  await delivered.getByRole('link', { name: title }).click()
  const kept = await page.getByRole('link', { name: 'Lưu tệp PDF' }).evaluate(async link => {
    const answer = await fetch(link instanceof HTMLAnchorElement ? link.href : '')
    const digest = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer())
    return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
  })
  expect(kept).toBe(received.sha256)
}, 150_000)
