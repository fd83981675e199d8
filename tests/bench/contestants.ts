import { find } from '../peers/cache.ts'
import { startJavaPeers } from '../peers/java.ts'
import { startLibPdf } from '../peers/libpdf.ts'
import { startPoppler } from '../peers/poppler.ts'
import { startPyHanko } from '../peers/pyhanko.ts'
import type { MissingPeer, Peer, SigningOrder } from '../peers/types.ts'
import type { World } from '../peers/world.ts'
import { memoryOf, ProgramRunner } from './memory.ts'
import { startOurs } from './ours.ts'

type Files = Pick<SigningOrder, 'input' | 'output' | 'field'>

/** A program of the comparison, started. */
export interface Started extends AsyncDisposable {
  /** Of the process that lives on between the jobs. */
  readonly processId: number | undefined
  /** Largest memory of late, megabytes; null where nothing tells it. */
  peak(): number | null
  sign(files: Files): Promise<void>
  /** Whether all signatures of the file are valid; null: it does not verify. */
  readonly verify: ((file: string) => Promise<boolean>) | null
}

/** A program of the comparison, each time in a process of its own, all with the same RSA-2048 key from a file. */
export interface Contestant {
  readonly name: string
  start(): Promise<Started>
}

/** @param image of our visible mark */
export function contestants({ signers, trust }: World, image: string): readonly Contestant[] {
  const signer = signers.RSA.files
  const usual = { signer, trust, level: 'B-B', subFilter: 'ETSI.CAdES.detached', timestampAuthority: null } as const
  const started = (peer: Peer, special: Partial<SigningOrder>, peak?: () => number): Started => {
    const { sign, judge } = peer
    if (!sign) throw new Error(`${peer.name} does not sign`)
    return {
      processId: peer.processId,
      peak: peak ?? (() => memoryOf(peer.processId)?.peak ?? null),
      sign: files => sign({ ...usual, ...special, ...files }),
      verify: judge ? async file => (await judge(file, trust)).every(({ valid }) => valid) : null,
      [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
    }
  }
  const contestant = (
    name: string,
    start: () => Promise<Peer> | Peer,
    special: Partial<SigningOrder> = {},
  ): Contestant => ({ name, start: async () => started(await start(), special) })
  return [
    contestant('ours', () => startOurs(signer, trust, null)),
    contestant('ours, visible mark', () => startOurs(signer, trust, image)),
    contestant('pyHanko', startPyHanko),
    contestant('DSS', async () => (await startJavaPeers([])).dss),
    contestant('PDFBox', async () => (await startJavaPeers([])).pdfBox),
    contestant('LibPDF', startLibPdf),
    {
      name: 'pdfsig',
      // lives no longer than its one job: each time counts its start, and its memory is known when it has ended
      async start() {
        const runner = new ProgramRunner()
        const poppler = await startPoppler(runner.run)
        const close = async () => {
          await poppler[Symbol.asyncDispose]()
          await runner[Symbol.asyncDispose]()
        }
        // poppler 22.12 adds no PAdES signatures
        const special = { subFilter: 'adbe.pkcs7.detached' } as const
        return started({ ...poppler, [Symbol.asyncDispose]: close }, special, () => runner.peak)
      },
    },
  ]
}

/** Those that can be had here; what is not there yet is installed, so that no start counts it. */
export async function whoIsHere(all: readonly Contestant[]) {
  const here: Contestant[] = []
  const missing: MissingPeer[] = []
  for (const contestant of all) {
    const found = await find(contestant.name, () => contestant.start())
    if ('missing' in found) missing.push(found)
    else {
      await found[Symbol.asyncDispose]()
      here.push(contestant)
    }
  }
  return { here, missing }
}
