import { createTurns, type InTurn } from '../../turns.ts'
import { OfficeError } from '../errors.ts'

/** Milliseconds until the first wrong password is answered; each further one is answered twice as late. Never longer: nobody is locked out. */
const FIRST = 1000
const LONGEST = 32_000

/** Wrong tries of one person since the last right one, kept where a restart of the program does not forget them. */
export interface KeptTries {
  /** One more was wrong. @returns how many by now */
  addWrong(): Promise<number>
  forgive(): Promise<void>
}

/** Judges one try of a person's password. @throws OfficeError password-wrong */
export type TryPassword = (personId: string, kept: KeptTries, isRight: () => Promise<boolean>) => Promise<void>

/**
 * The tries of one person come one after the other and are answered ever later while they are wrong: guessing many at once gains nothing. A
 * wrong one counts before it is answered, so that ending the program first gains nothing either.
 */
export function createPasswordTries(pause: (milliseconds: number) => Promise<void>): TryPassword {
  const people = new Map<string, InTurn>()
  return (personId, kept, isRight) => {
    const inTurn = people.get(personId) ?? createTurns()
    people.set(personId, inTurn)
    return inTurn(async () => {
      if (await isRight()) return kept.forgive()
      const wrong = await kept.addWrong()
      await pause(Math.min(FIRST * 2 ** (wrong - 1), LONGEST))
      throw new OfficeError('password-wrong')
    })
  }
}

/** One event per step, the 1st, 2nd, 4th, 8th … wrong try: a chain full of guesses would hide the rest. */
export const isWorthAnEvent = (wrong: number): boolean => Number.isInteger(Math.log2(wrong))
