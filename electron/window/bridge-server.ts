import { callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape, type ProcedureType } from '@trpc/server'
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron'
import {
  type BridgeAnswer,
  type BridgeCall,
  type BridgeError,
  type BridgeEvent,
  bridgeCallSchema,
} from '../api/bridge.ts'
import { CALL_CHANNEL, EVENT_CHANNEL } from '../api/channels.ts'
import type { ApiContext, ApiHost, ApiSession } from '../api/context.ts'
import { ApiError } from '../api/errors.ts'
import { deskRouter } from '../api/router.ts'
import { ORIGIN } from './origin.ts'

/** What a window has under way: the person who works there, and its subscriptions. */
export interface WindowSession extends ApiSession {
  readonly subscriptions: Map<number, AbortController>
}

export interface BridgeParts {
  readonly ipcMain: Pick<IpcMain, 'handle'>
  /** The program around the office; calls wait until it is open. */
  readonly host: Promise<ApiHost>
  /** The session of one of our own windows; null for any other sender. */
  readonly sessionOf: (contents: WebContents) => WindowSession | null
  /** A call was refused before it reached anything, or failed in a way nobody foresaw. Without what it carried. */
  readonly onFault: (what: string, error: unknown) => void
}

/** Whether a message comes from our page: the main frame of a window of ours, at our own address. Frames inside and other pages are not. */
export function isFromOwnPage(event: Pick<IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const { senderFrame } = event
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === ORIGIN
}

/** Serves the page's calls on the one channel. Sender and shape are checked first; the input itself by the procedure's own schema. */
export function serveBridge({ ipcMain, host: opening, sessionOf, onFault }: BridgeParts): void {
  ipcMain.handle(CALL_CHANNEL, async (event, ...sent: readonly unknown[]): Promise<BridgeAnswer> => {
    const session = isFromOwnPage(event) ? sessionOf(event.sender) : null
    const call = bridgeCallSchema.safeParse(sent[0])
    const host = await opening
    if (!session || !call.success || sent.length !== 1) {
      onFault('bridge call refused', session ? 'malformed' : 'sender')
      return { ok: false, error: shape(new ApiError('call-refused'), null, { host, session: null }) }
    }
    return serve(call.data, { host, session }, event.sender, onFault)
  })
}

/** Ends everything that a window's page had under way: it was closed, loaded anew, or crashed. What is done stays done. */
export function endWork(session: WindowSession): void {
  for (const subscription of session.subscriptions.values()) subscription.abort()
  session.subscriptions.clear()
  session.jobs.cancelAll()
  void session.token.release()
  void session.uploads.dropAll()
}

interface WindowContext extends ApiContext {
  readonly session: WindowSession
}

async function serve(
  call: BridgeCall,
  context: WindowContext,
  sender: WebContents,
  onFault: BridgeParts['onFault'],
): Promise<BridgeAnswer> {
  const { subscriptions } = context.session
  if (call.kind === 'unsubscribe') {
    subscriptions.get(call.id)?.abort()
    return { ok: true, data: null }
  }
  const failed = (error: unknown): BridgeError => {
    const type = call.kind === 'call' ? call.type : 'subscription'
    const crossing = shape(error, { type, path: call.path }, context)
    if (crossing.data.notice.code === 'unexpected') onFault(`unexpected in ${call.path}`, error)
    return crossing
  }
  try {
    if (call.kind === 'call') return { ok: true, data: await run(call.type, call, context, undefined) }
    if (subscriptions.has(call.id)) throw new ApiError('call-refused')
    const stop = new AbortController()
    subscriptions.set(call.id, stop)
    const news: unknown = await run('subscription', call, context, stop.signal).catch((error: unknown) => {
      subscriptions.delete(call.id)
      throw error
    })
    void forward(news, call.id, stop.signal, sender, failed).finally(() => subscriptions.delete(call.id))
    return { ok: true, data: null }
  } catch (error) {
    return { ok: false, error: failed(error) }
  }
}

function run(
  type: ProcedureType,
  { path, input }: { readonly path: string; readonly input?: unknown },
  ctx: WindowContext,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  return callTRPCProcedure({
    router: deskRouter,
    path,
    type,
    ctx,
    signal,
    batchIndex: 0,
    getRawInput: async () => input,
  })
}

async function forward(
  news: unknown,
  id: number,
  signal: AbortSignal,
  sender: WebContents,
  failed: (error: unknown) => BridgeError,
): Promise<void> {
  const send = (event: BridgeEvent) => {
    if (!signal.aborted && !sender.isDestroyed()) sender.send(EVENT_CHANNEL, event)
  }
  try {
    if (!isAsyncIterable(news)) throw new Error('a subscription must give an async iterable')
    for await (const data of news) {
      send({ kind: 'data', id, data })
      if (signal.aborted) return
    }
    send({ kind: 'end', id })
  } catch (error) {
    send({ kind: 'error', id, error: failed(error) })
  }
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

function shape(
  error: unknown,
  call: { readonly type: ProcedureType; readonly path: string } | null,
  context: { readonly host: ApiHost; readonly session: WindowSession | null },
): BridgeError {
  const { message, code, data } = getTRPCErrorShape({
    config: deskRouter._def._config,
    error: getTRPCErrorFromUnknown(error),
    type: call?.type ?? 'unknown',
    path: call?.path,
    input: undefined,
    ctx: context.session ? { host: context.host, session: context.session } : undefined,
  })
  return { message, code, data }
}
