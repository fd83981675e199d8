import { serveSoftToken } from './soft-token-serve.ts'

/** Entry of the process that makes practice tokens, when Node's own fork starts it. */
serveSoftToken({
  send: reply => process.send?.(reply),
  onMessage: listener => process.on('message', listener),
})
