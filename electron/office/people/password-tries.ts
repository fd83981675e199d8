import { createTurns, type InTurn } from '../../turns.ts'
import { OfficeError } from '../errors.ts'

/** Milliseconds until the first wrong password is answered; each further one is answered twice as late. */
const FIRST = 1000
const LONGEST = 32_000

interface Tries {
  readonly inTurn: InTurn
  wrong: number
}

/** Judges one try of a person's password. @throws OfficeError password-wrong */
export type TryPassword = (personId: string, isRight: () => Promise<boolean>) => Promise<void>

/** The tries of one person come one after the other and are answered ever later while they are wrong: guessing many at once gains nothing. */
export function createPasswordTries(pause: (milliseconds: number) => Promise<void>): TryPassword {
  const people = new Map<string, Tries>()
  return (personId, isRight) => {
    const tries = people.get(personId) ?? { inTurn: createTurns(), wrong: 0 }
    people.set(personId, tries)
    return tries.inTurn(async () => {
      if (await isRight()) {
        tries.wrong = 0
        return
      }
      await pause(Math.min(FIRST * 2 ** tries.wrong, LONGEST))
      tries.wrong++
      throw new OfficeError('password-wrong')
    })
  }
}
