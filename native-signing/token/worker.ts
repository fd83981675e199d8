import { serveModule } from './serve.ts'

/** Entry of the module's process when it is forked by Node. */
serveModule({
  send: message => process.send?.(message),
  onMessage: listener => process.on('message', listener),
})
