/** Stores a file, to be killed meanwhile: `node half-written-process.ts BLOBS SHA256 FILE`. */
import { z } from 'zod'
import { openBlobs } from '../../electron/store/blobs.ts'

const [folder, sha256, file] = z.tuple([z.string(), z.string(), z.string()]).parse(process.argv.slice(2))
await openBlobs(folder).putKnown(sha256, file)
