import { describe, expect, test } from 'vitest'
import { SigningError } from '../../../native-signing/errors.ts'
import { type ModuleHost, type ModuleProcess, startModuleHost } from '../../../native-signing/token/host.ts'
import { answerSchemas, type Request } from '../../../native-signing/token/messages.ts'

/** A process played by a function: what it answers to each request, or nothing. */
function played(answer: (request: Request, self: { say(message: unknown): void; die(): void }) => void) {
  let onMessage: (message: unknown) => void = () => undefined
  let onEnd: () => void = () => undefined
  const log = { killed: 0, asked: [] as string[] }
  const launch = (): ModuleProcess => ({
    send: request => {
      log.asked.push(request.question.call)
      const self = { say: (message: unknown) => onMessage(message), die: () => onEnd() }
      queueMicrotask(() => answer(request, self))
    },
    onMessage: listener => {
      onMessage = listener
    },
    onEnd: listener => {
      onEnd = listener
    },
    kill: () => {
      log.killed += 1
    },
  })
  return { launch, log }
}

const list = (host: ModuleHost, milliseconds = 1000) => host.ask({ call: 'list' }, answerSchemas.list, milliseconds)

async function errorOf(work: Promise<unknown>): Promise<SigningError> {
  try {
    await work
  } catch (error) {
    if (error instanceof SigningError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe("the module's process", () => {
  test('that answers what nobody can read is ended, and stays ended', async () => {
    for (const nonsense of [null, 'ok', { id: 2 }, { id: 2, error: { code: 'made-up', parameters: {} } }]) {
      const { launch, log } = played(({ id, question }, self) =>
        self.say(question.call === 'start' ? { id, answer: null } : nonsense),
      )
      const host = await startModuleHost({ module: '/m.so', launch })
      const error = await errorOf(list(host))
      expect(error).toMatchObject({ code: 'token-failed', parameters: { reason: 'answer-not-understood' } })
      await host.close()
      expect(host.alive()).toBe(false)
      expect(log.killed).toBeGreaterThan(0)
    }
  })

  test('that answers one call with the answer of another is not believed', async () => {
    const { launch } = played(({ id }, self) => self.say({ id, answer: null }))
    const host = await startModuleHost({ module: '/m.so', launch })
    expect(await errorOf(list(host))).toMatchObject({ parameters: { reason: 'answer-not-understood' } })
  })

  test('that never answers is given up; what waits behind gets the same error and is not sent', async () => {
    const { launch, log } = played(({ id, question }, self) => {
      if (question.call === 'start') self.say({ id, answer: null })
    })
    const host = await startModuleHost({ module: '/m.so', launch })
    const errors = await Promise.all([errorOf(list(host, 20)), errorOf(list(host, 20))])
    expect(errors.map(error => error.code)).toEqual(['module-not-responding', 'module-not-responding'])
    expect(log.asked).toEqual(['start', 'list'])
    await host.close()
    expect(log.asked).toEqual(['start', 'list'])
  })

  test('that dies on start is an error, not a hang', async () => {
    const { launch } = played((_, self) => self.die())
    expect(await errorOf(startModuleHost({ module: '/m.so', launch }))).toMatchObject({
      code: 'token-failed',
      parameters: { reason: 'module-crashed' },
    })
  })

  test('answers one after another, and late answers to nobody harm nothing', async () => {
    const { launch, log } = played(({ id, question }, self) => {
      self.say({ id: 99, answer: 'late' })
      self.say({ id, answer: question.call === 'list' ? [] : null })
    })
    const host = await startModuleHost({ module: '/m.so', launch })
    expect(await Promise.all([list(host), list(host)])).toEqual([[], []])
    await host.close()
    expect(log.asked).toEqual(['start', 'list', 'list', 'close'])
  })
})
