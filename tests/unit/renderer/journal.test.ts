import i18next from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  AUDIT_ACTIONS,
  type AuditAction,
  type JournalSubject,
  knownAction,
} from '../../../electron/office/audit/actions.ts'
import { officeSettingsSchema } from '../../../electron/office/settings.ts'
import type { JournalAbout } from '../../../electron/office/types.ts'
import { eventSentence } from '../../../renderer/journal/event-sentence.ts'
import { parseKnown } from '../../../renderer/journal/known-head.ts'
import { startTexts } from '../../../renderer/texts/i18n.ts'

const ABOUT: Readonly<Record<JournalSubject, JournalAbout>> = {
  copy: { kind: 'copy', copyId: 'c', title: 'Giấy khai sinh', number: '02', book: '01/2026-SCT/BS' },
  number: { kind: 'number', number: '03', book: '01/2026-SCT/BS' },
  request: { kind: 'request', titles: ['Giấy khai sinh', 'Bảng điểm'] },
  person: { kind: 'person', name: 'Nguyễn Văn An (mẫu)' },
  setting: { kind: 'setting', name: 'claimMinutes' },
  book: { kind: 'book', label: '01/2026-SCT/BS' },
  year: { kind: 'year', year: '2026' },
  office: { kind: 'office' },
}

const ACTIONS = Object.keys(AUDIT_ACTIONS).flatMap(name => knownAction(name) ?? [])

const sentence = (action: AuditAction) =>
  eventSentence({ action, code: action, about: ABOUT[AUDIT_ACTIONS[action].subject] }, i18next.t)

beforeAll(() => startTexts())

describe.each(['vi', 'en'])('an event in plain words (%s)', language => {
  beforeAll(() => i18next.changeLanguage(language))

  test('is a sentence of its own for every action, without a brace, a gap or a code', () => {
    const sentences = ACTIONS.map(action => [action, sentence(action)] as const)
    expect(sentences.length).toBeGreaterThan(40)
    expect(
      sentences.filter(([action, text]) => /[{}]|undefined|journal\./.test(text) || text.includes(action)),
    ).toEqual([])
    expect(new Set(sentences.map(([, text]) => text)).size).toBe(sentences.length)
  })

  test('names what it is about, where it is about more than the office', () => {
    const named = {
      copy: '02',
      number: '03',
      request: 'Bảng điểm',
      person: 'An',
      setting: '“',
      book: '01/',
      year: '2026',
    }
    const nameless = ACTIONS.filter(action => {
      const { subject } = AUDIT_ACTIONS[action]
      return subject !== 'office' && !sentence(action).includes(named[subject])
    })
    expect(nameless).toEqual([])
  })

  test('calls every setting of an office by a name', () => {
    const about = (name: string) =>
      eventSentence({ action: 'setting-changed', code: '', about: { kind: 'setting', name } }, i18next.t)
    expect(Object.keys(officeSettingsSchema.shape).filter(name => about(name).includes(name))).toEqual([])
  })

  test('shows the code of an action that this program does not know', () => {
    expect(eventSentence({ action: null, code: 'hand-written', about: { kind: 'office' } }, i18next.t)).toContain(
      'hand-written',
    )
  })
})

test('“Ký bản sao số 02 (01/2026-SCT/BS)”', async () => {
  await i18next.changeLanguage('vi')
  expect(sentence('copy-sign')).toBe('Ký bản sao số 02 (01/2026-SCT/BS)')
  expect(sentence('number-taken')).toBe('Cấp số cho bản sao số 02 (01/2026-SCT/BS)')
})

test('a printed head is read as it is typed from paper or pasted whole; what is none is none', () => {
  const hash = 'ab12'.repeat(16)
  expect(parseKnown('1234', hash)).toEqual({ sequence: 1234, hash })
  expect(parseKnown(' 1.234 ', `${hash.slice(0, 8).toUpperCase()} ${hash.slice(8)}`)).toEqual({ sequence: 1234, hash })
  expect(parseKnown('', `1234:${hash}`)).toEqual({ sequence: 1234, hash })
  expect(parseKnown('7', hash.slice(0, 16))).toEqual({ sequence: 7, hash: hash.slice(0, 16) })
  for (const [sequence, wrong] of [
    ['', hash],
    ['0', hash],
    ['x', hash],
    ['7', hash.slice(0, 15)],
    ['7', `${hash}a`],
    ['7', 'xyz'],
  ] as const)
    expect(parseKnown(sequence, wrong)).toBeNull()
})
