import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../electron/desk.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { OFFICE } from './office-support.ts'

const PASSWORD = 'tám chữ trở lên'
const MENDED = 'UBND xã Thanh Bình, tỉnh Mẫu (mẫu)'

test('who has a password must give it at the terminal; who has none acts, and the events say how', async () => {
  using folder = temporaryFolder()
  const office = folder.file('office')
  const passwordFile = folder.file('password')
  await writeFile(passwordFile, `${PASSWORD}\n`)
  await foundDesk(office, { name: OFFICE, administrator: 'Quản trị (mẫu)' })
  const rename = async (name: string, ...rest: readonly string[]) => {
    const args = ['office', 'rename', '--office', office, '--name', name, ...rest, '--json']
    const { status, stdout } = await ctdesk(args, { RIGHT: PASSWORD, WRONG: 'không phải' })
    return { status, data: JSON.parse(stdout) as unknown }
  }
  const events = async () => {
    const desk = await openDesk(office)
    try {
      const [person] = await desk.people()
      const actor = { officeId: desk.officeId, personId: person?.id ?? '' }
      return (await desk.office.audit.events(actor)).filter(({ action }) => action === 'office-renamed')
    } finally {
      await desk.close()
    }
  }

  expect(await rename(MENDED)).toMatchObject({ status: 0 })
  expect(await events()).toMatchObject([{ data: { via: 'command-line' } }])

  const desk = await openDesk(office)
  const [admin] = await desk.people()
  const personId = admin?.id ?? ''
  await desk.office.people.setPassword({ officeId: desk.officeId, personId }, personId, {
    current: null,
    next: PASSWORD,
  })
  await desk.close()

  const error = (code: string) => ({ data: { error: { code } } })
  expect(await rename(OFFICE)).toMatchObject({ status: 2, ...error('password-needed') })
  expect(await rename(OFFICE, '--password-env', 'NONE')).toMatchObject({
    status: 2,
    ...error('person-password-missing'),
  })
  expect(await rename(OFFICE, '--password-env', 'WRONG')).toMatchObject({ status: 1, ...error('password-wrong') })
  expect(await events()).toHaveLength(1)

  expect(await rename(OFFICE, '--password-env', 'RIGHT')).toMatchObject({ status: 0 })
  expect(await rename(MENDED, '--password-file', passwordFile)).toMatchObject({ status: 0 })
  const proven = (await events()).slice(1)
  expect(proven).toHaveLength(2)
  for (const { data } of proven) expect(data).not.toHaveProperty('via')
}, 60_000)
