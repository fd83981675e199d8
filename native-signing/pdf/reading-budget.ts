import { SigningError } from '../errors.ts'

/** Bytes inflated cost less than bytes parsed. */
const INFLATED_FOR_PARSED = 8
/** A row of a cross-reference section in memory, bytes. */
export const ROW_BYTES = 13

/**
 * How much a document may make us parse in all, bytes: a hostile file must not keep us busy. One pass over all objects of a file of 5,000
 * pages takes 4 MB.
 */
export const PARSED_BYTES = 96 * 1024 * 1024

/** What is left of it; shared by all states of one file. */
export class ReadingBudget {
  #left = PARSED_BYTES

  /** @throws SigningError pdf-unreadable when it is used up */
  parsed(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) throw new SigningError('pdf-unreadable', { reason: 'too much to read' })
  }

  /** @throws SigningError pdf-unreadable when it is used up */
  inflated(bytes: number): void {
    this.parsed(bytes / INFLATED_FOR_PARSED)
  }
}
