import { SigningError } from '../errors.ts'
import { keptPin } from './kept-pin.ts'
import { type LoginOutcome, type Question, type Reply, requestSchema } from './messages.ts'
import { listTokens, loadModule, type Module } from './module.ts'
import { errorOfCall } from './return-codes.ts'
import { openSession, type Session } from './session.ts'

/** The other end's line, as a forked process or Electron's utility process gives it. */
export interface Line {
  send(message: Reply): void
  onMessage(listener: (message: unknown) => void): void
}

/** Answers questions about one module, in a process that has nothing else to do. */
export function serveModule(line: Line): void {
  const pin = keptPin()
  let module: Module | null = null
  let session: Session | null = null

  const loaded = (): Module => {
    if (!module) throw new SigningError('token-failed', { reason: 'not-started' })
    return module
  }
  const opened = (): Session => {
    if (!session) throw new SigningError('token-failed', { reason: 'not-logged-in' })
    return session
  }

  const answer = (question: Question): unknown => {
    switch (question.call) {
      case 'start':
        module = loadModule(question.module, question.parameters)
        return null
      case 'list':
        return listTokens(loaded())
      case 'login':
        pin.take(question.pin)
        session = openSession(loaded(), { ...question, pin })
        return session.login()
      case 'resume':
        return resume(question.slotId)
      case 'change-pin': {
        const newPin = keptPin()
        newPin.take(question.newPin)
        opened().changePin(newPin)
        return null
      }
      case 'keys':
        return opened().keys(question.otherCertificates)
      case 'sign':
        return opened().sign(question.certificateSha256, question.scheme, question.hash, question.data)
      case 'close':
        pin.wipe()
        session?.close()
        session = null
        module?.C_Finalize()
        module = null
        return null
    }
  }

  /** A dead session is left as it is: its token has forgotten it. The PIN is needed once, so it is kept no longer (`keys` wipes it). */
  const resume = (slotId: number): LoginOutcome => {
    if (!pin.here()) throw new SigningError('token-removed', { reason: 'pin-not-kept' })
    session = openSession(loaded(), { slotId, pin, writable: false, keepPin: false })
    return session.login()
  }

  line.onMessage(message => {
    const { id, question } = requestSchema.parse(message)
    try {
      line.send({ id, answer: answer(question) })
    } catch (thrown) {
      const { code, parameters } = errorOfCall(question.call, thrown)
      line.send({ id, error: { code, parameters: { ...parameters } } })
    }
  })
}
