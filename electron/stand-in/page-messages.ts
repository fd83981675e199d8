import { z } from 'zod'

/** What the stand-in needs of Chromium's events about one page. */

export const requestPausedSchema = z.object({
  requestId: z.string(),
  request: z.object({
    url: z.string(),
    method: z.string(),
    headers: z.record(z.string(), z.string()),
    postData: z.string().optional(),
  }),
  frameId: z.string(),
  resourceType: z.string(),
})
export type RequestPaused = z.infer<typeof requestPausedSchema>

/** A world for scripts: page and frames have one each, and a new one with each document. */
export const contextCreatedSchema = z.object({
  context: z.object({
    id: z.int(),
    origin: z.string(),
    auxData: z.object({ isDefault: z.boolean(), frameId: z.string() }),
  }),
})
export type Context = z.infer<typeof contextCreatedSchema>['context']

export const contextDestroyedSchema = z.object({ executionContextId: z.int() })
export const bindingCalledSchema = z.object({ name: z.string(), payload: z.string(), executionContextId: z.int() })
export const windowOpenSchema = z.object({ url: z.string() })
export const targetDestroyedSchema = z.object({ targetId: z.string() })
export const navigatedSchema = z.object({ frame: z.object({ id: z.string(), url: z.string() }) })
/** `errorText` only where the page could not be loaded. */
export const navigateAnswerSchema = z.object({ errorText: z.string().optional() })
export const anySchema = z.unknown()

const askedSchema = z.object({
  id: z.int(),
  message: z.object({ channel: z.unknown(), sent: z.unknown() }).partial().nullish(),
})

/** What the page's side sends by the binding; null for what any other script sends by it. */
export function askedOf(payload: string): z.infer<typeof askedSchema> | null {
  try {
    return askedSchema.parse(JSON.parse(payload))
  } catch {
    return null
  }
}
