import type { Reader } from '../../store/store.ts'
import { writtenNumber } from '../register/numbers.ts'
import type { JournalAbout } from '../types.ts'
import { AUDIT_ACTIONS, knownAction } from './actions.ts'

interface Told {
  readonly action: string
  readonly actor_id: string | null
  readonly subject: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What people know the subjects of these events by, read for all of them at once. */
export async function aboutOf(reader: Reader, officeId: string, events: readonly Told[]) {
  const ids = [
    ...new Set(events.flatMap(({ actor_id, subject }) => (actor_id === null ? [subject] : [actor_id, subject]))),
  ]
  const copies = await reader
    .selectFrom('copy')
    .select(['copy_id', 'request_id', 'title'])
    .where('office_id', '=', officeId)
    .where(where => where.or([where('copy_id', 'in', ids), where('request_id', 'in', ids)]))
    .orderBy('position')
    .execute()
  const numbers = await reader
    .selectFrom('certification_number')
    .select(['copy_id', 'number', 'book_id'])
    .where('office_id', '=', officeId)
    .where('copy_id', 'in', ids)
    // the last stands: a copy that was carried over the year's end has one of each year
    .orderBy('taken_at')
    .execute()
  const people = await reader
    .selectFrom('person')
    .select(['person_id', 'name'])
    .where('office_id', '=', officeId)
    .where('person_id', 'in', ids)
    .execute()
  const books = await reader.selectFrom('book').select(['book_id', 'label']).where('office_id', '=', officeId).execute()
  const copyOf = new Map(copies.map(copy => [copy.copy_id, copy]))
  const numberOf = new Map(numbers.map(each => [each.copy_id, each]))
  const nameOf = new Map(people.map(({ person_id, name }) => [person_id, name]))
  const labelOf = new Map(books.map(({ book_id, label }) => [book_id, label]))

  const person = (id: string): string => nameOf.get(id) ?? endOf(id)

  function copy({ subject, data }: Told): JournalAbout {
    const last = numberOf.get(subject)
    // An event of a number names its own, which need not be the copy's last.
    const own = typeof data['number'] === 'number' && typeof data['bookId'] === 'string'
    const number = own ? Number(data['number']) : last?.number
    const bookId = own ? String(data['bookId']) : last?.book_id
    return {
      kind: 'copy',
      copyId: subject,
      title: copyOf.get(subject)?.title ?? endOf(subject),
      number: number === undefined ? null : writtenNumber(number),
      book: (bookId !== undefined && labelOf.get(bookId)) || null,
    }
  }

  function subject(event: Told): JournalAbout {
    const action = knownAction(event.action)
    const kind = action === null ? 'office' : AUDIT_ACTIONS[action].subject
    switch (kind) {
      case 'copy':
        return copy(event)
      case 'number': {
        const { number, book } = event.data
        return { kind, number: typeof number === 'number' ? writtenNumber(number) : '?', book: String(book ?? '?') }
      }
      case 'request':
        return { kind, titles: copies.filter(each => each.request_id === event.subject).map(each => each.title) }
      case 'person':
        return { kind, name: person(event.subject) }
      case 'book':
        return { kind, label: labelOf.get(event.subject) ?? endOf(event.subject) }
      case 'setting':
        return { kind, name: event.subject }
      case 'year':
        return { kind, year: event.subject }
      case 'office':
        return { kind }
    }
  }

  return { person, subject }
}

const endOf = (id: string): string => `…${id.slice(-6)}`
