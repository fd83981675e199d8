import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PageFile, RawPage, ScanEvent, ScannerDevice, ScannerDriver, ScanRequest, ScanSource } from './driver.ts'
import { ScanningError, type ScanningErrorCode } from './errors.ts'
import { nextPageNumber, pageFailure, removeLeftovers, storePage, WORK_FOLDER } from './page-store.ts'
import { type ProgramRun, runProgram } from './program-run.ts'
import { RAW_PAGE_NAME, scanArguments } from './scanimage-arguments.ts'
import { planSource, type SourcePlan, sourceSelections } from './scanimage-capabilities.ts'
import { DEVICE_LIST_FORMAT, type ListedDevice, parseDeviceList } from './scanimage-devices.ts'
import { codeOfExit, parseLine } from './scanimage-messages.ts'
import { choices, parseOptions } from './scanimage-options.ts'

export interface SaneOptions {
  /** Path or name of scanimage (Debian package sane-utils). */
  readonly program?: string
  /** Devices that no search finds, by SANE name: `net:192.0.2.7:fujitsu:…`, `test:0`. */
  readonly extraDevices?: readonly string[]
  /** By SANE name: options of scanimage for every scan with that device, after all others. */
  readonly deviceOptions?: Readonly<Record<string, readonly string[]>>
  /** Added to the program's environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** Keeps a raw page; in the process that calls when left out. */
  readonly storeRawPage?: (page: RawPage) => Promise<PageFile>
  /** A scanner that says nothing for so long is given up. Warming up and calibrating may take a minute. */
  readonly silenceMs?: number
  /** How long scanimage may take to release the device before it is killed. */
  readonly graceMs?: number
}

const PREFIX = 'sane:'
/** Bytes of a device's options; the longest list known has some 20 thousand. */
const ANSWER_BYTES = 2 ** 20
/** Bytes said while a stack is scanned: a feeder of 500 pages tells of each line of each. */
const SCAN_BYTES = 32 * 2 ** 20
const SOURCES: readonly ScanSource[] = ['flatbed', 'feeder']

/** The id by which the driver knows a SANE device. */
export function saneDeviceId(name: string): string {
  return PREFIX + name
}

function couldNotStart(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn')
}

/** The driver for scanners that SANE knows, through one `scanimage` process per job. A device works for one scan at a time. */
export function saneDriver(options: SaneOptions = {}): ScannerDriver {
  const program = options.program ?? 'scanimage'
  const environment = { ...process.env, ...options.environment, LC_ALL: 'C', LANGUAGE: '' }
  const {
    silenceMs = 90_000,
    graceMs = 5_000,
    extraDevices = [],
    deviceOptions = {},
    storeRawPage = storePage,
  } = options
  const plansByDevice = new Map<string, readonly SourcePlan[]>()

  const start = (
    programArguments: readonly string[],
    mostBytes: number,
    signal?: AbortSignal,
    folder?: string,
  ): ProgramRun =>
    runProgram({
      program,
      arguments: programArguments,
      environment,
      silenceMs,
      mostBytes,
      graceMs,
      signal,
      ...(folder ? { folder } : {}),
    })

  /** All that a short run prints on standard output. */
  async function ask(programArguments: readonly string[], device: string, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted()
    const run = start(programArguments, ANSWER_BYTES, signal)
    const printed: string[] = []
    let failure: ScanningErrorCode | null = null
    for await (const line of run.lines) {
      if (line.stream === 'stdout') printed.push(line.text)
      else {
        const meaning = parseLine(line.text)
        if (meaning.kind === 'failure') failure = meaning.code
      }
    }
    const { exitCode, fellSilent, saidTooMuch } = await run.ended
    signal?.throwIfAborted()
    if (saidTooMuch) throw new ScanningError('scanner-says-too-much', { device, pages: 0 })
    if (fellSilent) throw new ScanningError('scanner-not-responding', { device, pages: 0 })
    if (failure && failure !== 'no-scanner') throw new ScanningError(failure, { device, pages: 0 })
    if (exitCode !== 0) throw new ScanningError(codeOfExit(exitCode), { device, pages: 0 })
    return printed.join('\n')
  }

  /** Turns what happens around the program into the errors of scanning. */
  function understood(error: unknown, pages: number, signal?: AbortSignal): unknown {
    if (signal?.aborted) return new ScanningError('scan-cancelled', { pages }, { cause: error })
    if (couldNotStart(error)) return new ScanningError('scanning-program-missing', { program }, { cause: error })
    return error
  }

  async function listDevices(signal?: AbortSignal): Promise<readonly ListedDevice[]> {
    return parseDeviceList(await ask([`--formatted-device-list=${DEVICE_LIST_FORMAT}`], '', signal))
  }

  /** @param type as listed; null where the list was not read, which is done only when the device names no sources itself */
  async function readPlans(device: string, type: string | null, signal?: AbortSignal): Promise<readonly SourcePlan[]> {
    const printOptions = ['--all-options', '--format=tiff', `--device-name=${device}`]
    const options = parseOptions(await ask(printOptions, device, signal))
    if (options.size === 0) throw new ScanningError('scanner-capabilities-unknown', { device })
    const namesSources = choices(options.get('source')).length > 0
    const listedType = async (): Promise<string> =>
      (await listDevices(signal)).find(listed => listed.name === device)?.type ?? ''
    const selections = sourceSelections(options, type ?? (namesSources ? '' : await listedType()))
    const plans: SourcePlan[] = []
    for (const source of SOURCES) {
      const own = selections.filter(selection => selection.source === source)
      const first = own[0]
      if (!first) continue
      const ofSource =
        selections.length === 1
          ? options
          : parseOptions(await ask([...printOptions, ...first.selection], device, signal))
      plans.push(planSource(own, ofSource))
    }
    return plans
  }

  /** What a device can do, asked once and remembered until something goes wrong with it. */
  async function plansOf(device: string, type: string | null, signal?: AbortSignal): Promise<readonly SourcePlan[]> {
    const plans = plansByDevice.get(device) ?? (await readPlans(device, type, signal))
    plansByDevice.set(device, plans)
    return plans
  }

  async function describe(listed: ListedDevice, signal?: AbortSignal): Promise<ScannerDevice> {
    const described = { id: saneDeviceId(listed.name), driver: 'sane', vendor: listed.vendor, model: listed.model }
    try {
      const plans = await plansOf(listed.name, listed.type, signal)
      return { ...described, sources: plans.map(plan => plan.capabilities) }
    } catch (error) {
      // A scanner in use or with its cover open is still there: it is listed, and the scan itself will say what is wrong.
      if (error instanceof ScanningError) return { ...described, sources: [] }
      throw error
    }
  }

  async function devices(signal?: AbortSignal): Promise<readonly ScannerDevice[]> {
    try {
      const found = await listDevices(signal)
      const extra = extraDevices
        .filter(name => !found.some(device => device.name === name))
        .map(name => ({ name, vendor: '', model: name, type: '' }))
      const described: ScannerDevice[] = []
      for (const device of [...found, ...extra]) described.push(await describe(device, signal))
      return described
    } catch (error) {
      throw understood(error, 0, signal)
    }
  }

  async function* scanPages(
    request: ScanRequest,
    directory: string,
    signal: AbortSignal | undefined,
    kept: { pages: number },
  ): AsyncGenerator<ScanEvent> {
    const device = request.deviceId.slice(PREFIX.length)
    const plans = await plansOf(device, null, signal)
    const programArguments = scanArguments(device, request, plans, deviceOptions[device] ?? [])
    const firstNumber = await nextPageNumber(directory)
    await removeLeftovers(directory)
    const workFolder = await mkdtemp(join(directory, WORK_FOLDER))
    signal?.throwIfAborted()
    const run = start(programArguments, SCAN_BYTES, signal, workFolder)
    try {
      let failure: ScanningErrorCode | null = null
      let outOfPaper = false
      let batchEnded = false
      let started = 0
      let percent = -1
      for await (const { stream, text } of run.lines) {
        if (stream === 'stdout') {
          if (!RAW_PAGE_NAME.test(text)) continue
          signal?.throwIfAborted()
          const page = kept.pages + 1
          const raw = join(workFolder, text)
          const { colour, dpi } = request
          const rawPage = { path: raw, directory, number: firstNumber + kept.pages, colour, dpi }
          const file = await storeRawPage(rawPage).catch(async (error: unknown) => {
            throw await pageFailure(error, directory, page)
          })
          await rm(raw)
          kept.pages = page
          percent = -1
          yield { kind: 'page', page, file }
          continue
        }
        const line = parseLine(text)
        if (line.kind === 'failure') failure ??= line.code
        else if (line.kind === 'out-of-paper') outOfPaper = true
        else if (line.kind === 'page-started') started++
        else if (line.kind === 'batch-ended') {
          // A driver that hangs while it closes the device (SANE's own test device does at times) must not hold up the desk.
          batchEnded = true
          run.lastWordSaid()
        }
        // The two streams may overtake one another: what the next page says before this one is safe is not told.
        else if (line.kind === 'progress' && started === kept.pages + 1 && Math.floor(line.fraction * 100) > percent) {
          percent = Math.floor(line.fraction * 100)
          yield { kind: 'progress', page: kept.pages + 1, fraction: line.fraction }
        }
      }
      const { exitCode, fellSilent, saidTooMuch, stopped } = await run.ended
      const pages = kept.pages
      signal?.throwIfAborted()
      if (saidTooMuch) throw new ScanningError('scanner-says-too-much', { device, pages })
      if (fellSilent) throw new ScanningError('scanner-not-responding', { device, pages })
      if (failure) throw new ScanningError(failure, { device, pages })
      if (outOfPaper && pages === 0) throw new ScanningError('scanner-no-paper', { device, pages })
      const stoppedAfterItsEnd = batchEnded && stopped
      if (!outOfPaper && exitCode !== 0 && !stoppedAfterItsEnd)
        throw new ScanningError(codeOfExit(exitCode), { device, pages })
      if (pages === 0) throw new ScanningError('scanner-failed', { device, pages })
    } finally {
      run.stop()
      await run.ended
      await rm(workFolder, { recursive: true, force: true })
    }
  }

  async function* scan(request: ScanRequest, directory: string, signal?: AbortSignal): AsyncGenerator<ScanEvent> {
    if (!request.deviceId.startsWith(PREFIX))
      throw new ScanningError('scanner-not-found', { device: request.deviceId, pages: 0 })
    const kept = { pages: 0 }
    try {
      signal?.throwIfAborted()
      yield* scanPages(request, directory, signal, kept)
    } catch (error) {
      const told = understood(error, kept.pages, signal)
      const code = told instanceof ScanningError ? told.code : null
      if (code !== 'scan-cancelled' && code !== 'scanner-no-paper')
        plansByDevice.delete(request.deviceId.slice(PREFIX.length))
      throw told
    }
  }

  return { name: 'sane', devices, scan }
}
