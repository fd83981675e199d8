import { serveModule } from './serve.ts'

/** Entry of the module's process when it is forked by Node. */
serveModule({
  send: message => process.send?.(message),
  onMessage: listener => process.on('message', listener),
})

// The program is gone. Its module's threads, or what it does at exit, must not keep this process.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
