import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { BridgeError, DeskBridge } from './bridge.ts'
import type { ErrorNotice } from './contract/common.ts'
import type { DeskRouter } from './router.ts'

/** tRPC's client over the preload's bridge: `createTRPCClient<DeskRouter>({ links: [deskLink(window.desk)] })`. */
export function deskLink(desk: DeskBridge): TRPCLink<DeskRouter> {
  const listeners = new Map<number, (event: Parameters<Parameters<DeskBridge['onEvent']>[0]>[0]) => void>()
  desk.onEvent(event => listeners.get(event.id)?.(event))

  return () =>
    ({ op }) =>
      observable(observer => {
        const fail = (error: BridgeError) => observer.error(TRPCClientError.from({ error }))
        const broken = (cause: unknown) => observer.error(TRPCClientError.from(new Error('bridge', { cause })))
        const { path, input, type } = op
        if (type !== 'subscription') {
          desk.call({ kind: 'call', type, path, input }).then(answer => {
            if (!answer.ok) return fail(answer.error)
            observer.next({ result: { type: 'data', data: answer.data } })
            observer.complete()
          }, broken)
          return
        }
        const id = op.id + 1
        listeners.set(id, event => {
          if (event.kind === 'data') return observer.next({ result: { type: 'data', data: event.data } })
          listeners.delete(id)
          if (event.kind === 'error') return fail(event.error)
          observer.next({ result: { type: 'stopped' } })
          observer.complete()
        })
        desk.call({ kind: 'subscribe', id, path, input }).then(answer => {
          if (answer.ok) return observer.next({ result: { type: 'started' } })
          listeners.delete(id)
          fail(answer.error)
        }, broken)
        return () => {
          if (listeners.delete(id)) void desk.call({ kind: 'unsubscribe', id })
        }
      })
}

/** What to tell the person about a failed call; null where the error is not one of the desk's. */
export function noticeOf(error: unknown): ErrorNotice | null {
  return error instanceof TRPCClientError && hasNotice(error.data) ? error.data.notice : null
}

function hasNotice(data: unknown): data is { notice: ErrorNotice } {
  return typeof data === 'object' && data !== null && 'notice' in data
}
