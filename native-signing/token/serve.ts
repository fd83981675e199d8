import { SigningError } from '../errors.ts'
import { type Question, type Reply, requestSchema } from './messages.ts'
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
        module = loadModule(question.module)
        return null
      case 'list':
        return listTokens(loaded())
      case 'login':
        session = openSession(loaded(), question.slotId)
        return session.login(question.pin)
      case 'keys':
        return opened().keys(question.otherCertificates)
      case 'sign':
        return opened().sign(question.certificateSha256, question.scheme, question.hash, question.data)
      case 'close':
        session?.close()
        session = null
        module?.C_Finalize()
        module = null
        return null
    }
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
