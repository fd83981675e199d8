import { serveModule } from './serve.ts'

/** Entry of the module's process when it is forked by Node. */
serveModule({
  send: message => process.send?.(message),
  onMessage: listener => process.on('message', listener),
})

// Ctrl-C at a terminal reaches every process there. What is under way is finished; the program decides what comes next.
process.on('SIGINT', () => undefined)

// The program is gone. Its module's threads, or what it does at exit, must not keep this process.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
