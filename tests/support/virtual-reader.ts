import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { PivCard } from './piv-card.ts'

/** A reader of pcscd whose card is ours: pcscd runs with vsmartcard's driver, which lets a card come in over a socket. */
export interface VirtualReader extends AsyncDisposable {
  insert(card: PivCard): Promise<void>
  /** Pulls the card out. */
  remove(): Promise<void>
}

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
const daemon = '/usr/sbin/pcscd'
/** Compiled into pcscd and its clients. */
const socketFolder = '/run/pcscd'

/** Why no virtual reader can be had here; null where it can. */
export function noVirtualReader(): string | null {
  if (!existsSync(driver)) return 'vsmartcard-vpcd is not installed'
  if (!existsSync(daemon)) return 'pcscd is not installed'
  if (daemonRuns()) return 'a pcscd runs on this machine already, and there can be but one'
  if (existsSync('/run/systemd/system') && existsSync(`${socketFolder}/pcscd.comm`))
    return "systemd holds pcscd's socket"
  if (process.getuid?.() !== 0) return 'pcscd needs root for its socket in /run'
  return null
}

function daemonRuns(): boolean {
  try {
    process.kill(Number(readFileSync(`${socketFolder}/pcscd.pid`, 'utf8')), 0)
    return true
  } catch {
    return false
  }
}

/** The answer to reset of a YubiKey 4: OpenSC believes EC keys of named kinds of PIV cards only. */
const answerToReset = Buffer.from('3bf81300008131fe15597562696b657934d4', 'hex')

/** Starts pcscd with the one virtual reader; its settings lie in `folder`. Should the test be killed, pcscd ends by itself a minute later. */
export async function virtualReader(folder: string): Promise<VirtualReader> {
  const port = await freePort()
  mkdirSync(`${folder}/readers`, { recursive: true })
  mkdirSync(socketFolder, { recursive: true })
  const number = `0x${port.toString(16).toUpperCase()}`
  writeFileSync(
    `${folder}/readers/virtual`,
    `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${number}\nLIBPATH ${driver}\nCHANNELID ${number}\n`,
  )
  const child = spawn(daemon, ['--foreground', '--auto-exit', '--config', `${folder}/readers`], { stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('exit', resolve))
  let socket: Socket | null = null

  const remove = async () => {
    socket?.destroy()
    socket = null
    // The driver looks for its card a few times a second.
    await pause(900)
  }
  return {
    async insert(card) {
      await remove()
      socket = await connected(port)
      serve(socket, card)
      await pause(900)
    },
    remove,
    async [Symbol.asyncDispose]() {
      socket?.destroy()
      child.kill()
      await ended
    },
  }
}

/** Messages of vpcd: two bytes of length, then one byte of control (0 off, 1 on, 2 reset, 4 "your ATR?") or a command. */
function serve(socket: Socket, card: PivCard): void {
  let received = Buffer.alloc(0)
  const send = (bytes: Uint8Array) => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length)
    socket.write(Buffer.concat([length, bytes]))
  }
  socket.setNoDelay()
  socket.on('error', () => socket.destroy())
  socket.on('data', bytes => {
    received = Buffer.concat([received, bytes])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0)
      const message = received.subarray(2, end)
      received = received.subarray(end)
      if (message.length > 1) send(card.answer(message))
      else if (message[0] === 4) send(answerToReset)
      else card.reset()
    }
  })
}

async function connected(port: number): Promise<Socket> {
  for (let tries = 100; ; tries -= 1) {
    const socket = connect(port, '127.0.0.1')
    const there = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    if (there) return socket
    if (tries === 0) throw new Error('the virtual reader does not answer')
    await pause(50)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
