import { z } from 'zod'
import { jobIdSchema } from './common.ts'

export const cancelJobSchema = z.strictObject({ jobId: jobIdSchema })
