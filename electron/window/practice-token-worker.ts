import { serveSoftToken } from '../sandbox/soft-token-serve.ts'

/** Entry of the process that makes practice tokens, when Electron's utility process starts it. */
serveSoftToken({
  send: reply => process.parentPort.postMessage(reply),
  onMessage: listener => process.parentPort.on('message', ({ data }) => listener(data)),
})
