import { createTRPCClient } from '@trpc/client'
import type { BridgeAnswer, BridgeCall, BridgeEvent, DeskBridge } from '../../../electron/api/bridge.ts'
import { UPLOAD_PIECE_BYTES } from '../../../electron/api/contract/uploads.ts'
import { deskLink } from '../../../electron/api/link.ts'
import type { DeskRouter } from '../../../electron/api/router.ts'
import type { Role } from '../../../electron/office/types.ts'
import type { RunningDesk } from './launch.ts'

/** Numbers for one client's subscriptions: the page counts its own from 1. */
const IDS = 100_000
let clients = 0

/** A client beside the page's own, each call going through the real bridge of the running window. */
export async function clientOf(desk: RunningDesk) {
  const ownIds = ++clients * IDS
  const listeners = new Set<(event: BridgeEvent) => void>()
  // A name of its own: two clients of one page must not take each other's events.
  const heard = `heard-${crypto.randomUUID()}`
  await desk.page.evaluate(name => {
    const bridge: DeskBridge = Reflect.get(window, 'desk')
    const events: BridgeEvent[] = []
    let wake = () => {}
    bridge.onEvent(event => {
      events.push(event)
      wake()
    })
    Reflect.set(window, name, async () => {
      if (events.length === 0)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      return events.splice(0)
    })
  }, heard)
  const next = (): Promise<BridgeEvent[]> =>
    desk.page.evaluate((name): Promise<BridgeEvent[]> => Reflect.get(window, name)(), heard)
  const follow = async () => {
    for (;;)
      for (const event of await next())
        if (event.id > ownIds && event.id < ownIds + IDS)
          for (const listener of listeners) listener({ ...event, id: event.id - ownIds })
  }
  // When the page is loaded anew or closed, this client is over.
  follow().catch(() => undefined)
  const bridge: DeskBridge = {
    call: (call: BridgeCall) =>
      desk.page.evaluate(
        (sent): Promise<BridgeAnswer> => {
          const own: DeskBridge = Reflect.get(window, 'desk')
          return own.call(sent)
        },
        call.kind === 'call' ? call : { ...call, id: call.id + ownIds },
      ),
    onEvent: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return createTRPCClient<DeskRouter>({ links: [deskLink(bridge)] })
}
export type Client = Awaited<ReturnType<typeof clientOf>>

/** Lets the practice office's person with this role work at the window. */
export async function workAs(client: Client, role: Role): Promise<void> {
  const person = (await client.session.people.query()).find(each => each.roles.includes(role))
  if (!person) throw new Error(`nobody is ${role}`)
  await client.session.begin.mutate({ personId: person.id })
}

/** Everything that long work tells, until it ends. */
export function toldBy<News>(
  start: (observer: { onData(news: News): void; onError(error: unknown): void; onComplete(): void }) => unknown,
): Promise<readonly News[]> {
  return new Promise((resolve, reject) => {
    const told: News[] = []
    start({ onData: news => told.push(news), onError: reject, onComplete: () => resolve(told) })
  })
}

/** The citizen's paper over the desk. @returns the draft */
export async function receivePaper(client: Client, title: string) {
  const { copies } = await client.requests.receive.mutate({
    requester: { name: 'Hoàng Thị Mẫu (mẫu)', personalNumber: '012345678901', email: null, phone: null },
    originals: [{ title, kind: 'Giấy tờ hộ tịch', issuer: 'UBND xã Thanh Bình (mẫu)', copyCount: 1 }],
  })
  const [copy] = copies
  if (!copy) throw new Error('no copy')
  return copy
}

/** Hands a file to the window in pieces, as dropping it does. */
export async function upload(client: Client, uploadId: string, name: string, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset === 0 || offset < bytes.byteLength; offset += UPLOAD_PIECE_BYTES) {
    const piece = Buffer.from(bytes.subarray(offset, offset + UPLOAD_PIECE_BYTES)).toString('base64')
    await client.uploads.append.query({ uploadId, name, offset, bytes: piece })
  }
}
