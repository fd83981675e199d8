import { serveModule } from '../../native-signing/token/serve.ts'

/** Entry of the process that a token's module runs in, when Electron's utility process starts it. */
serveModule({
  send: message => process.parentPort.postMessage(message),
  onMessage: listener => process.parentPort.on('message', ({ data }) => listener(data)),
})
