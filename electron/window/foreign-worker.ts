import { serveForeign } from '../foreign/serve-foreign.ts'

/** Entry of the process for strangers' files, when Electron's utility process starts it; it ends with the program. */
serveForeign({
  answer: message => process.parentPort.postMessage(message),
  onMessage: listener => void process.parentPort.on('message', ({ data }) => listener(data)),
})
