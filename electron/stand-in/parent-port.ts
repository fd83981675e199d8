/** `process.parentPort` of a utility process, over Node's own channel to the parent. */
const parentPort = {
  postMessage: (message: unknown) => process.send?.(message),
  on: (_event: 'message', listener: (event: { readonly data: unknown }) => void) => {
    process.on('message', data => listener({ data }))
  },
}

// As in Electron: a utility process ends with the program.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))

Object.defineProperty(process, 'parentPort', { value: parentPort })
