import words from '../../../resources/legal/statement-copy-1.json' with { type: 'json' }

/** Words of the certification statement (lời chứng) for copies from originals. Where the law changes them a new form begins. */
export const WORDS = words
