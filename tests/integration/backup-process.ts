/** A program that is killed in the middle: `node backup-process.ts backup|restore OFFICE PLACE TIME`. */
import { z } from 'zod'
import { backUp, restore } from './backup-support.ts'

const [work, office, place, time] = z
  .tuple([z.enum(['backup', 'restore']), z.string(), z.string(), z.coerce.date()])
  .parse(process.argv.slice(2))
process.send?.('begun')
await { backup: backUp, restore }[work](office, place, { at: time })
process.disconnect()
