import type { PersonItem } from '../../electron/api/contract/session.ts'
import { useCopy } from '../data/copies.ts'
import { Answer } from '../design/answer.tsx'
import { Workbench } from '../officer/workbench.tsx'
import { ReadScreen } from './read-screen.tsx'

/** One copy: on the officer's workbench while it is a draft, to be looked at in every other state. */
export function CopyScreen({ copyId, person }: { readonly copyId: string; readonly person: PersonItem }) {
  const copy = useCopy(copyId)
  return (
    <Answer query={copy}>
      {detail =>
        detail.copy.state === 'draft' && person.roles.includes('officer') ? (
          <Workbench detail={detail} person={person} />
        ) : (
          <ReadScreen detail={detail} person={person} />
        )
      }
    </Answer>
  )
}
