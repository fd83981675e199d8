import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeSingleInstanceLock } from '../../../electron/stand-in/single-instance.ts'
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.ts'

let folder: TemporaryFolder
let file: string
let said: string[]
beforeEach(() => {
  folder = temporaryFolder()
  file = folder.file('data/single-instance.lock')
  said = []
})
afterEach(() => folder[Symbol.dispose]())

const take = () => takeSingleInstanceLock(file, word => said.push(word))

describe.runIf(process.platform === 'linux')('a second start of the program', () => {
  test.each([
    ['a number alone', (pid: number) => String(pid)],
    ['the number of a process that had it before', (pid: number) => JSON.stringify({ pid, started: 'earlier 1' })],
    ['nothing', () => ''],
    ['a group of processes', () => JSON.stringify({ pid: -1, started: 'x' })],
  ])('sends no signal to a process that only has its number by now: a lock with %s is old', async (_what, lock) => {
    const bystander = spawn('sleep', ['60'])
    await once(bystander, 'spawn')
    try {
      expect(take()).toBe(true)
      writeFileSync(file, lock(bystander.pid ?? 0))
      expect(take()).toBe(true)
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid })
      // A signal would have ended it before this one is answered.
      bystander.kill('SIGTERM')
      expect(await once(bystander, 'exit')).toEqual([null, 'SIGTERM'])
      expect(said).toEqual([])
    } finally {
      bystander.kill('SIGKILL')
    }
  })

  test('wakes the program that runs, and says so', async () => {
    const program = `
      const { takeSingleInstanceLock } = await import(${JSON.stringify(import.meta.resolve('../../../electron/stand-in/single-instance.ts'))})
      process.on('SIGUSR2', () => { console.log('woken'); process.exit() })
      setTimeout(() => undefined, 60_000)
      console.log(takeSingleInstanceLock(${JSON.stringify(file)}, () => undefined))`
    const running = spawn(process.execPath, ['--input-type=module', '-e', program])
    try {
      const [first] = await once(running.stdout, 'data')
      expect(String(first)).toBe('true\n')
      const woken = once(running.stdout, 'data')
      expect(take()).toBe(false)
      expect(String((await woken)[0])).toBe('woken\n')
      expect(said).toHaveLength(1)
    } finally {
      running.kill('SIGKILL')
    }
  })
})
