import { serveForeign } from './serve-foreign.ts'

/** Entry of the process for strangers' files when it is forked by Node. */
serveForeign({
  answer: message => process.send?.(message, undefined, undefined, () => undefined),
  onMessage: listener => void process.on('message', listener),
})

// Ctrl-C at a terminal reaches every process there; the program decides what comes next.
process.on('SIGINT', () => undefined)

// The program is gone.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
