import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Checkpoint, Exchange } from '../../electron/portal/adapter.ts'
import { PortalError } from '../../electron/portal/errors.ts'
import {
  type Endpoint,
  type Fault,
  listedFaults,
  noFaults,
  randomFaults,
} from '../../electron/sandbox/portal/faults.ts'
import { createPersonalStoreClient } from '../../electron/sandbox/portal-store-client.ts'
import type { HttpClient } from '../../native-signing/http/index.ts'
import { attempt } from '../support/delivery-attempt.ts'
import {
  deliverUntilDone,
  ORGANISATION,
  openPortalBench,
  ownHttp,
  type PortalBench,
  parcelIn,
  readMarkedSignatures,
  TWO_SIGNATURES,
  wholeText,
} from './portal-support.ts'

let bench: PortalBench
beforeAll(async () => {
  bench = await openPortalBench()
})
afterAll(() => bench[Symbol.asyncDispose]())

const once = { dossiers: 1, papers: 1, state: 9 }
const API: readonly Endpoint[] = ['token', 'next-number', 'upload', 'lookup', 'create', 'progress', 'status']

async function refusal(work: Promise<unknown>): Promise<PortalError> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  )
  if (error instanceof PortalError) return error
  throw new Error('no PortalError', { cause: error })
}

describe('each accident at each step still ends with exactly one dossier and one paper', () => {
  const accidents: readonly (readonly [string, Fault])[] = [
    ['the connection drops before the portal accepted', { answer: 'drop', accepted: false, delayMilliseconds: 0 }],
    ['the connection drops after the portal accepted', { answer: 'drop', accepted: true, delayMilliseconds: 0 }],
    ['502 before it was done', { answer: 'bad-gateway', accepted: false, delayMilliseconds: 0 }],
    ['502 although it was done', { answer: 'bad-gateway', accepted: true, delayMilliseconds: 0 }],
    ['a firewall page instead of JSON', { answer: 'html', accepted: false, delayMilliseconds: 0 }],
    ['a firewall page although it was done', { answer: 'html', accepted: true, delayMilliseconds: 0 }],
    ['the token runs out', { answer: 'unauthorized', accepted: false, delayMilliseconds: 0 }],
    ['"already exists" although it does not', { answer: 'duplicate', accepted: false, delayMilliseconds: 0 }],
    ['"already exists" after it was done', { answer: 'duplicate', accepted: true, delayMilliseconds: 0 }],
  ]
  for (const [name, fault] of accidents) {
    test(name, async () => {
      for (const endpoint of API) {
        // A wrong secret cannot be told from a token service in disorder: that one stops until a person looks at it.
        if (endpoint === 'token' && fault.answer === 'unauthorized') continue
        for (const call of [1, 2]) {
          bench.portal.setFaults(listedFaults([{ endpoint, call, fault }]))
          const parcel = parcelIn(bench.folder)
          const { receipt } = await deliverUntilDone(() => bench.adapter(), parcel, bench.clock)
          expect({ endpoint, ...bench.outcome(parcel) }).toEqual({ endpoint, ...once })
          expect(receipt.receipt).toMatch(/^H99\.01-\d{8}-\d{7}$/)
        }
      }
    })
  }

  for (const accepted of [false, true]) {
    test(`no answer at all, ${accepted ? 'after' : 'before'} the portal accepted`, async () => {
      for (const endpoint of API) {
        bench.portal.setFaults(
          listedFaults([{ endpoint, call: 1, fault: { answer: 'hang', accepted, delayMilliseconds: 0 } }]),
        )
        const parcel = parcelIn(bench.folder)
        let attempts = 0
        const adapter = () => {
          attempts += 1
          if (attempts === 1) return bench.adapter({ timeouts: { request: 400, upload: 400 } })
          bench.portal.setFaults(noFaults)
          return bench.adapter()
        }
        const { errors } = await deliverUntilDone(adapter, parcel, bench.clock)
        expect(errors[0]).toMatchObject({ code: 'portal-timeout', retriable: true })
        expect({ endpoint, ...bench.outcome(parcel) }).toEqual({ endpoint, ...once })
      }
    })
  }

  test('a bad day: two calls in five meet with an accident, many times over', async () => {
    let state = 20261120
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state / 2 ** 32
    }
    const kinds = accidents.map(([, fault]) => fault).filter(fault => fault.answer !== 'unauthorized')
    for (let copy = 0; copy < 20; copy += 1) {
      bench.portal.setFaults(randomFaults(random, 0.4, kinds))
      const parcel = parcelIn(bench.folder)
      await deliverUntilDone(() => bench.adapter(), parcel, bench.clock)
      expect(bench.outcome(parcel)).toEqual(once)
    }
  })
})

describe('a slow portal', () => {
  test('is not sent a second time what it is still busy with', async () => {
    const reached = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    await using slow = await openPortalBench(async path => {
      reached.resolve()
      await finish.promise
      return readMarkedSignatures(path)
    })
    const impatience = new AbortController()
    void reached.promise.then(() => impatience.abort())
    const impatient: HttpClient = request => ownHttp({ ...request, signal: impatience.signal })
    const parcel = parcelIn(slow.folder)
    let checkpoint: Checkpoint = {}
    const save = async (c: Checkpoint) => {
      checkpoint = c
    }
    const lost = await refusal(slow.adapter({}, impatient).deliver(parcel, attempt(checkpoint, save)))
    expect(lost).toMatchObject({ code: 'delivery-cancelled', parameters: { step: 'status' } })
    expect(await refusal(slow.adapter().deliver(parcel, attempt(checkpoint, save)))).toMatchObject({
      code: 'portal-settling',
      retriable: true,
      parameters: { step: 'status', seconds: 300 },
    })
    finish.resolve()
    await expect.poll(() => slow.outcome(parcel).papers).toBe(1)
    await slow.adapter().deliver(parcel, attempt(checkpoint, save))
    expect(slow.outcome(parcel)).toEqual(once)
  })

  test('a clock set back does not stretch the wait', async () => {
    const fault: Fault = { answer: 'drop', accepted: false, delayMilliseconds: 0 }
    bench.portal.setFaults(listedFaults([{ endpoint: 'status', call: 1, fault }]))
    const parcel = parcelIn(bench.folder)
    let checkpoint: Checkpoint = {}
    const save = async (c: Checkpoint) => {
      checkpoint = c
    }
    await refusal(bench.adapter().deliver(parcel, attempt(checkpoint, save)))
    bench.clock.advance(-86_400_000)
    expect(await refusal(bench.adapter().deliver(parcel, attempt(checkpoint, save)))).toMatchObject({
      code: 'portal-settling',
    })
    bench.clock.advance(300_000)
    await bench.adapter().deliver(parcel, attempt(checkpoint, save))
    bench.clock.advance(86_400_000)
    expect(bench.outcome(parcel)).toEqual(once)
  })
})

describe('what the portal refuses, it refuses with its reason and without a second try', () => {
  const attempts: readonly (readonly [string, readonly string[], string])[] = [
    ['a file without a signature', [], 'hai chữ ký số, hiện có 0'],
    ['a file with one signature', ['chairman intact'], 'hai chữ ký số, hiện có 1'],
    ['a broken second signature', ['chairman intact', `${ORGANISATION} broken`], 'không hợp lệ'],
    ['the organisation first', [`${ORGANISATION} intact`, 'chairman intact'], 'sau cùng phải là của cơ quan'],
    ['two seals and no person', [`${ORGANISATION} intact`, `${ORGANISATION} intact`], 'người có thẩm quyền'],
  ]
  test.each(attempts)('%s', async (_name, signatures, reason) => {
    bench.portal.setFaults(noFaults)
    const parcel = parcelIn(bench.folder, signatures)
    const error = await refusal(bench.adapter().deliver(parcel, attempt()))
    expect(error).toMatchObject({ code: 'portal-refused', retriable: false })
    expect(error.parameters['reason']).toContain(reason)
    expect(bench.outcome(parcel).papers).toBe(0)
  })

  test('a field that the portal finds too long', async () => {
    bench.portal.setFaults(noFaults)
    const component = { code: 'X'.repeat(51), name: 'Bản chính' }
    const error = await refusal(bench.adapter({ component }).deliver(parcelIn(bench.folder), attempt()))
    expect(error).toMatchObject({
      code: 'portal-refused',
      retriable: false,
      parameters: { step: 'create', status: 400 },
    })
    expect(error.parameters['reason']).toContain('MaThanhPhanHoSo')
  })

  test('a hash that is not that of the uploaded file', async () => {
    const parcel = parcelIn(bench.folder)
    const checkpoints: Checkpoint[] = []
    await bench.adapter().deliver(
      parcel,
      attempt({}, async c => void checkpoints.push(c)),
    )
    const uploaded = checkpoints.find(c => c['idTepTin'])
    const forged = { ...uploaded, maHoSo: 'H99.01-20261120-9999999', hashTepTin: 'ab'.repeat(32) }
    const error = await refusal(bench.adapter().deliver(parcel, attempt(forged)))
    expect(error.code).toBe('portal-refused')
    expect(error.parameters['reason']).toContain('HashTepTin')
  })

  test('a wrong client secret', async () => {
    const liar: HttpClient = request =>
      ownHttp({
        ...request,
        ...(typeof request.body === 'string' && {
          body: request.body.replace(bench.portal.credentials.clientSecret, 'wrong'),
        }),
      })
    const error = await refusal(bench.adapter({}, liar).deliver(parcelIn(bench.folder), attempt()))
    expect(error).toMatchObject({ code: 'portal-login-failed', retriable: false })
  })
})

describe('before anything is sent', () => {
  const silent: HttpClient = () => {
    throw new Error('nothing may be sent')
  }

  test('a parcel without a personal number stays here', async () => {
    const parcel = parcelIn(bench.folder)
    for (const personalNumber of [null, '', '123456789', '00000000000a', '000000001']) {
      const without = { ...parcel, requester: { ...parcel.requester, personalNumber } }
      const error = await refusal(bench.adapter({}, silent).deliver(without, attempt()))
      expect(error).toMatchObject({ code: 'parcel-incomplete', retriable: false, parameters: { field: 'SoDinhDanh' } })
    }
  })

  test('a file changed since it was sealed is not uploaded', async () => {
    bench.portal.setFaults(noFaults)
    const parcel = parcelIn(bench.folder)
    appendFileSync(parcel.file.path, 'x')
    const files = bench.portal.inspect().files
    const error = await refusal(bench.adapter().deliver(parcel, attempt()))
    expect(error).toMatchObject({ code: 'parcel-file-changed', retriable: false })
    expect(bench.portal.inspect().files).toBe(files)
  })

  test('a file that is gone', async () => {
    const parcel = parcelIn(bench.folder)
    const gone = { ...parcel, file: { ...parcel.file, path: `${parcel.file.path}.gone` } }
    expect(await refusal(bench.adapter().deliver(gone, attempt()))).toMatchObject({ code: 'parcel-file-missing' })
  })
})

test('a number that the portal gave twice is given up for a new one', async () => {
  bench.portal.setFaults(noFaults)
  const first = parcelIn(bench.folder)
  const taken = await bench.adapter().deliver(first, attempt())
  const second = parcelIn(bench.folder)
  let checkpoint: Checkpoint = { maHoSo: taken.receipt }
  const save = async (c: Checkpoint) => {
    checkpoint = c
  }
  expect(await refusal(bench.adapter().deliver(second, attempt(checkpoint, save)))).toMatchObject({
    code: 'portal-duplicate',
    retriable: true,
  })
  const receipt = await bench.adapter().deliver(second, attempt(checkpoint, save))
  expect(receipt.receipt).not.toBe(taken.receipt)
  expect([bench.outcome(first), bench.outcome(second)]).toEqual([once, once])
})

test('a portal that is not there is unreachable, and nothing was sent', async () => {
  await using gone = await openPortalBench()
  await gone.portal.close()
  const error = await refusal(gone.adapter().deliver(parcelIn(gone.folder), attempt()))
  expect(error).toMatchObject({ code: 'portal-unreachable', retriable: true })
})

test('a portal whose certificate nobody vouches for gets nothing, not even the secret', async () => {
  const key = join(bench.folder, 'tls.key')
  const certificate = join(bench.folder, 'tls.pem')
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', certificate, '-subj', '/CN=localhost'], {
    stdio: 'ignore',
  })
  let requests = 0
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => {
    requests += 1
    response.end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = z.object({ port: z.number() }).parse(server.address())
    const impostor = bench.adapter({ baseUrl: `https://localhost:${port}` })
    const error = await refusal(impostor.deliver(parcelIn(bench.folder), attempt()))
    expect(error).toMatchObject({ code: 'portal-certificate-untrusted', retriable: false })
    expect(requests).toBe(0)
  } finally {
    server.close()
  }
})

test.each([
  ['without end', 'x'.repeat(2 * 1_048_576)],
  ['of brackets within brackets', '['.repeat(1_000_000)],
  ['of lists within lists', `{"code":0,"data":${'['.repeat(400_000)}${']'.repeat(400_000)}}`],
])('an answer %s is unreadable, and no more', async (_name, body) => {
  const server = createPlainServer((_, response) => response.end(body))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = z.object({ port: z.number() }).parse(server.address())
    const error = await refusal(
      bench.adapter({ baseUrl: `http://127.0.0.1:${port}` }).deliver(parcelIn(bench.folder), attempt()),
    )
    expect(error).toMatchObject({ code: 'portal-answer-unreadable', retriable: true })
  } finally {
    server.close()
  }
})

test('a dossier that the portal has closed meanwhile is a case for a person', async () => {
  bench.portal.setFaults(noFaults)
  const parcel = parcelIn(bench.folder)
  const stopping: HttpClient = request => {
    if (!request.url.includes('CapNhatTrangThai') || typeof request.body !== 'string') return ownHttp(request)
    const [item] = z.tuple([z.looseObject({})]).parse(JSON.parse(request.body))
    return ownHttp({ ...request, body: JSON.stringify([{ ...item, TrangThai: 8, DanhSachGiayToKetQua: [] }]) })
  }
  let checkpoint: Checkpoint = {}
  await bench.adapter({}, stopping).deliver(
    parcel,
    attempt({}, async c => {
      if (!c['confirmedAt']) checkpoint = c
    }),
  )
  const error = await refusal(bench.adapter().deliver(parcel, attempt(checkpoint)))
  expect(error).toMatchObject({ code: 'portal-dossier-closed', retriable: false, parameters: { state: 8 } })
  expect(bench.outcome(parcel).papers).toBe(0)
})

test('a portal that numbers the dossier anew: its number is the receipt', async () => {
  bench.portal.setFaults(noFaults)
  const parcel = parcelIn(bench.folder)
  let given = ''
  const renumbering: HttpClient = request => {
    if (!request.url.includes('NoiHoSo') || typeof request.body !== 'string') return ownHttp(request)
    const body = z.looseObject({ MaHoSo: z.string() }).parse(JSON.parse(request.body))
    given = `${body.MaHoSo}-B`
    return ownHttp({ ...request, body: JSON.stringify({ ...body, MaHoSo: given }) })
  }
  const { receipt } = await bench.adapter({}, renumbering).deliver(parcel, attempt())
  expect(receipt).toBe(given)
  expect(receipt).toMatch(/-B$/)
  expect(bench.outcome(parcel)).toEqual(once)
})

test('a delivery cancelled by the program says so and goes on later', async () => {
  const fault: Fault = { answer: 'hang', accepted: true, delayMilliseconds: 0 }
  bench.portal.setFaults(listedFaults([{ endpoint: 'create', call: 1, fault }]))
  const parcel = parcelIn(bench.folder)
  const stop = new AbortController()
  let checkpoint: Checkpoint = {}
  const delivery = bench.adapter().deliver(
    parcel,
    attempt(
      {},
      async c => {
        checkpoint = c
        if (c['sent'] === 'create') setTimeout(() => stop.abort(), 100)
      },
      { signal: stop.signal },
    ),
  )
  expect(await refusal(delivery)).toMatchObject({ code: 'delivery-cancelled', retriable: true })
  bench.portal.setFaults(noFaults)
  bench.clock.advance(300_000)
  await bench.adapter().deliver(parcel, attempt(checkpoint))
  expect(bench.outcome(parcel)).toEqual(once)
})

test('no error holds the secret, a token or anything of the citizen', async () => {
  const parcel = parcelIn(bench.folder)
  const { clientSecret } = bench.portal.credentials
  const tokens: string[] = []
  const gossip =
    (status: number, text: (secrets: string) => string): HttpClient =>
    async request => {
      const token = request.headers?.['authorization']?.replace('Bearer ', '')
      if (token) tokens.push(token)
      if (request.url.includes('GetToken')) return ownHttp(request)
      const { name, personalNumber, email, phone } = parcel.requester
      const said = `${clientSecret} ${token} ${name.toUpperCase()} ${personalNumber} ${email} ${phone} 079200000001`
      return { status, body: Buffer.from(text(said)) }
    }
  const answers = [
    gossip(400, said => JSON.stringify({ code: '400', message: `Sai dữ liệu: ${said}`, data: null })),
    gossip(200, said => JSON.stringify({ code: 0, message: said, data: { value: [said] } })),
    gossip(200, said => said),
    gossip(502, said => said),
    gossip(401, said => said),
  ]
  for (const answer of answers) {
    const text = wholeText(await refusal(bench.adapter({}, answer).deliver(parcel, attempt())))
    const { name, personalNumber, email, phone } = parcel.requester
    for (const secret of [
      clientSecret,
      ...tokens,
      name,
      name.toUpperCase(),
      personalNumber,
      email,
      phone,
      '079200000001',
    ]) {
      expect(text).not.toContain(secret)
    }
  }
  expect(tokens.length).toBeGreaterThan(0)
})

describe('the evidence of a delivery', () => {
  const keeping = () => {
    const kept: Exchange[] = []
    return { kept, others: { record: async (exchange: Exchange) => void kept.push(exchange) } }
  }

  test('names each request with its answer, the file by its hash', async () => {
    bench.portal.setFaults(noFaults)
    const parcel = parcelIn(bench.folder)
    const { kept, others } = keeping()
    await bench.adapter().deliver(parcel, attempt({}, undefined, others))
    expect(kept.map(each => `${each.step} ${each.status}`)).toEqual(API.map(step => `${step} 200`))
    const upload = kept.find(each => each.step === 'upload')
    expect(JSON.parse(upload?.request ?? '')).toEqual({
      files: [{ name: parcel.file.name, bytes: parcel.file.bytes, sha256: parcel.file.sha256 }],
    })
    expect(kept.find(each => each.step === 'create')?.request).toContain(parcel.title)
  })

  test('says where no answer came', async () => {
    bench.portal.setFaults(
      listedFaults([{ endpoint: 'create', call: 1, fault: { answer: 'drop', accepted: true, delayMilliseconds: 0 } }]),
    )
    const { kept, others } = keeping()
    await refusal(bench.adapter().deliver(parcelIn(bench.folder), attempt({}, undefined, others)))
    expect(kept.at(-1)).toMatchObject({
      step: 'create',
      status: null,
      answer: null,
      errorCode: 'portal-connection-lost',
    })
  })

  test('holds neither the secret nor a token, though the portal says them back', async () => {
    bench.portal.setFaults(noFaults)
    const { clientSecret } = bench.portal.credentials
    const secrets = [clientSecret]
    const gossip: HttpClient = async request => {
      const token = request.headers?.['authorization']?.replace('Bearer ', '')
      if (!token) return ownHttp(request)
      secrets.push(token)
      return { status: 400, body: Buffer.from(`${clientSecret} and ${token}`) }
    }
    const { kept, others } = keeping()
    await refusal(bench.adapter({}, gossip).deliver(parcelIn(bench.folder), attempt({}, undefined, others)))
    expect(kept.at(-1)?.answer).toBe('… and …')
    expect(secrets.length).toBeGreaterThan(1)
    for (const secret of secrets) expect(JSON.stringify(kept)).not.toContain(secret)
  })

  test('what cannot be kept as evidence is not acted upon', async () => {
    bench.portal.setFaults(noFaults)
    const parcel = parcelIn(bench.folder)
    const full = { record: () => Promise.reject(new Error('disk full')) }
    await expect(bench.adapter().deliver(parcel, attempt({}, undefined, full))).rejects.toThrow('disk full')
    expect(bench.outcome(parcel)).toMatchObject({ dossiers: 0, papers: 0 })
  })
})

describe('fair weather', () => {
  test('the citizen reads back over HTTP exactly what the office sealed', async () => {
    bench.portal.setFaults(noFaults)
    const parcel = parcelIn(bench.folder, TWO_SIGNATURES)
    const receipt = await bench.adapter().deliver(parcel, attempt())
    const { storeUsername: username, storePassword: password } = bench.portal.credentials
    const store = createPersonalStoreClient({ url: bench.portal.url, username, password })
    const papers = await store.papers(parcel.requester.personalNumber ?? '', parcel.requester.name)
    expect(papers).toHaveLength(1)
    const [paper] = papers
    if (!paper) throw new Error('no paper')
    expect(paper).toMatchObject({ title: parcel.title, symbol: `${parcel.number}, ${parcel.book}` })
    expect((await store.file(paper)).sha256).toBe(parcel.file.sha256)
    const dossier = bench.portal.inspect().dossiers.find(d => d.number === receipt.receipt)
    expect(dossier?.progress).toHaveLength(3)
  })

  test('a delivered parcel is answered from the checkpoint, without a call', async () => {
    const parcel = parcelIn(bench.folder)
    let checkpoint: Checkpoint = {}
    const first = await bench.adapter().deliver(
      parcel,
      attempt({}, async c => {
        checkpoint = c
      }),
    )
    const silent: HttpClient = () => Promise.reject(new Error('no call expected'))
    expect(await bench.adapter({}, silent).deliver(parcel, attempt(checkpoint))).toEqual(first)
  })

  test('one token serves many deliveries and is renewed when it runs out', async () => {
    const adapter = bench.adapter()
    let logins = 0
    const counting: HttpClient = request => {
      if (request.url.includes('GetToken')) logins += 1
      return ownHttp(request)
    }
    const counted = bench.adapter({}, counting)
    await counted.deliver(parcelIn(bench.folder), attempt())
    await counted.deliver(parcelIn(bench.folder), attempt())
    expect(logins).toBe(1)
    bench.clock.advance(3_600_000)
    await counted.deliver(parcelIn(bench.folder), attempt())
    expect(logins).toBe(2)
    expect(adapter.name).toBe('dossier-api')
  })
})
