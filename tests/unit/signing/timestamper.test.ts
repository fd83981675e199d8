import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { integer, octetString, sequence } from '../../../native-signing/der/writer.ts'
import { createTimestamper } from '../../../native-signing/index.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const imprint = new Uint8Array(32)

describe('a time-stamp service that fails', () => {
  test.each<[string, string, RequestListener]>([
    ['is out of order', 'timestamp-unavailable', (_, response) => response.writeHead(503).end()],
    ['hangs up', 'timestamp-unavailable', request => request.socket.destroy()],
    ['never answers', 'timestamp-unavailable', () => undefined],
    [
      'stops in the middle',
      'timestamp-unavailable',
      (_, response) => response.writeHead(200, { 'content-length': '100' }).write('x'),
    ],
    [
      'drips',
      'timestamp-unavailable',
      (_, response) => {
        const dripping = setInterval(() => response.write('x'), 10)
        response.on('close', () => clearInterval(dripping))
      },
    ],
    ['sends a web page', 'timestamp-invalid', (_, response) => response.end('<html>')],
    ['sends nothing', 'timestamp-invalid', (_, response) => response.end()],
    ['sends too much', 'timestamp-invalid', (_, response) => response.end(Buffer.alloc(3_000_000))],
    ['refuses', 'timestamp-refused', (_, response) => response.end(sequence(sequence(integer(2))))],
    ['grants without a token', 'timestamp-invalid', (_, response) => response.end(sequence(sequence(integer(0))))],
    [
      'sends another thing as token',
      'timestamp-invalid',
      (_, response) => response.end(sequence(sequence(integer(0)), sequence(octetString(imprint)))),
    ],
  ])('%s: %s', async (_, code, listener) => {
    // Short only where nothing comes: another answer may be slow on a busy machine.
    const timeout = code === 'timestamp-unavailable' ? 300 : 30_000
    const timestamper = createTimestamper({ url: await serve(listener), timeout, tries: 2, pause: 10 })
    await expect(timestamper.stamp(imprint, 'SHA-256')).rejects.toMatchObject({ code })
  })

  test('is not there', async () => {
    const timestamper = createTimestamper({ url: 'http://127.0.0.1:9/', tries: 1 })
    await expect(timestamper.stamp(imprint, 'SHA-256')).rejects.toMatchObject({ code: 'timestamp-unavailable' })
  })

  test('is tried again so many times, a refusal is not', async () => {
    let calls = 0
    const away = await serve((_, response) => {
      calls++
      response.writeHead(500).end()
    })
    await expect(createTimestamper({ url: away, tries: 3, pause: 1 }).stamp(imprint, 'SHA-256')).rejects.toMatchObject({
      code: 'timestamp-unavailable',
    })
    expect(calls).toBe(3)
    let refusals = 0
    const refusing = await serve((_, response) => {
      refusals++
      response.end(sequence(sequence(integer(2))))
    })
    await expect(
      createTimestamper({ url: refusing, tries: 3, pause: 1 }).stamp(imprint, 'SHA-256'),
    ).rejects.toMatchObject({ code: 'timestamp-refused' })
    expect(refusals).toBe(1)
  })

  test('can be called off', async () => {
    const url = await serve(() => undefined)
    const controller = new AbortController()
    const stamp = createTimestamper({ url, tries: 5, pause: 60_000 }).stamp(imprint, 'SHA-256', controller.signal)
    controller.abort()
    await expect(stamp).rejects.toMatchObject({ code: 'signing-cancelled' })
  })
})
