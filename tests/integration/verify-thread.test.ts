import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentsHere } from '../../electron/document-work.ts'
import { DocumentThread } from '../../electron/window/document-thread.ts'
import { openPractice, type Practice } from '../support/practice.ts'
import { programOn } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let practice: Practice
let signed: string
beforeAll(async () => {
  practice = await openPractice()
  const [outcome] = await practice.sign(await practice.submitted(1), 'signature')
  if (outcome?.result !== 'done') throw new Error('not signed')
  signed = await practice.desk.office.copies.file(await practice.actor('signer'), outcome.copyId, 'signed')
}, 120_000)
afterAll(() => practice[Symbol.asyncDispose]())

const trust = () => ({ folder: practice.officeFolder, trust: practice.desk.settings.trust })

/** The signed file behind a password. Encrypting writes it anew, so its signature is broken; that it can be read at all is what counts. */
function locked(password: string): string {
  const path = practice.folder.file('locked.pdf')
  execFileSync('qpdf', ['--encrypt', password, 'owner', '256', '--', signed, path])
  return path
}

test('a file is judged in a process of its own as it is here, dates and certificates too', async () => {
  await using thread = new DocumentThread()
  const file = { path: signed, password: null }
  const judged = await thread.verify(file, trust())
  expect(judged.report.signatures).toMatchObject([{ indication: 'TOTAL-PASSED' }])
  expect(judged).toEqual(await documentsHere.verify(file, trust()))
}, 60_000)

test('judging is stopped at once, also before it began, and harms no other', async () => {
  await using thread = new DocumentThread()
  const file = { path: signed, password: null }
  const stopped = expect.objectContaining({ code: 'document-work-stopped' })
  await expect(thread.verify(file, trust(), { signal: AbortSignal.abort() })).rejects.toEqual(stopped)
  const stop = new AbortController()
  const first = thread.verify(file, trust(), { signal: stop.signal })
  const second = thread.verify(file, trust())
  stop.abort()
  await expect(first).rejects.toEqual(stopped)
  expect((await second).report.valid).toBe(true)
  expect((await thread.verify(file, trust())).report.valid).toBe(true)
}, 60_000)

test('the page is told that a file wants a password, or another one; the upload and the password stay nowhere', async () => {
  using folder = temporaryFolder()
  await using program = await programOn(folder, { practice: true })
  const { page, session } = program
  const [person] = await page.session.people()
  await page.session.begin({ personId: person?.id ?? '' })
  const bytes = readFileSync(locked('mở ra')).toString('base64')
  const judge = async (password: string | null) => {
    await page.uploads.append({ uploadId: 'foreign', name: 'tep.pdf', offset: 0, bytes })
    return page.verify.file({ uploadId: 'foreign', password }).finally(() => {
      expect(existsSync(folder.file('uploads/foreign'))).toBe(false)
    })
  }
  await expect(judge(null)).rejects.toThrow('pdf-password-required')
  await expect(judge('sai')).rejects.toThrow('pdf-password-wrong')
  expect(await judge('mở ra')).toMatchObject({ fileName: 'tep.pdf', valid: false })

  const stopped = judge('mở ra')
  while (!session.jobs.cancel('foreign')) await nextTurn()
  await expect(stopped).rejects.toThrow('document-work-stopped')
  expect(program.faults).toEqual([])
}, 120_000)
