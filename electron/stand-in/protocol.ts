import type * as Electron from 'electron'

type Handler = (request: Request) => Response | Promise<Response>

const handlers = new Map<string, Handler>()
const privileged = new Set<string>()

/** The schemes that the program has made its own. */
export const ownSchemes: ReadonlySet<string> = privileged

/** The program's answer to a request of one of its schemes; null: no such scheme. */
export async function answerFor(request: Request): Promise<Response | null> {
  const handler = handlers.get(new URL(request.url).protocol.slice(0, -1))
  return handler ? handler(request) : null
}

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string }[]): void {
    for (const { scheme } of schemes) privileged.add(scheme)
  },
  handle(scheme: string, handler: Handler): void {
    handlers.set(scheme, handler)
    // Node reads its fetch parts, a tenth of a second of work, when the first request is made: here Chromium is still starting.
    new Request('about:blank')
  },
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>
