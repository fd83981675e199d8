import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { type Desk, openDesk } from '../../electron/desk.ts'
import { composePages, type PageImage } from '../../electron/document/index.ts'
import { drawPaper } from '../../electron/sandbox/papers.ts'
import { createPracticeOffice, PRACTICE, practiceActor } from '../../electron/sandbox/practice-office.ts'
import { startPracticeServices } from '../../electron/sandbox/practice-services.ts'
import { samplePapers } from '../../electron/sandbox/sample-papers.ts'
import { importFiles } from '../../electron/scanners.ts'
import {
  completeSignature,
  prepareSignature,
  type SignatureRequest,
  signBatch,
  signWithToken,
} from '../../native-signing/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { milliseconds, sideBySide } from './measure.ts'

const RUNS = 9
const BATCH_FILES = 100
const run = promisify(execFile)
const megabytes = (bytes: number) => Math.round(bytes / 1e4) / 100
const rounded = (value: number) => Math.round(value * 100) / 100

/** The main job's three costly steps in a practice office with a soft token behind PKCS#11, each beside a reference in the same run. */
export async function benchDesk(say: (line: string) => void) {
  using folder = temporaryFolder('bench-desk-')
  const office = folder.file('office')
  await createPracticeOffice(office, new Date())
  await using services = await startPracticeServices(office, () => new Date())
  const desk = await openDesk(office)
  try {
    const pages = await tenPages(folder.file('papers'))
    const tenPagePdf = folder.file('ten.pdf')
    const properties = { title: 'Mười trang (mẫu)', createdAt: new Date(0) }
    await composePages(pages, properties, tenPagePdf)
    const files = pages.map(page => page.path)

    say('assemble: ten pages into a PDF, against img2pdf')
    const assemble = await sideBySide(
      RUNS,
      n => composePages(pages, properties, folder.file(`ours-${n}.pdf`)),
      n => run('img2pdf', ['--output', folder.file(`peer-${n}.pdf`), ...files]),
    )
    say('sign: through PKCS#11, against copy + SHA-256 + one token operation')
    const sign = await benchToken(desk, tenPagePdf, name => folder.file(name))
    say('deliver: to the practice portal, against one bare upload of the same bytes over HTTP')
    const deliver = await benchDelivery(desk, services.portal.url, files.slice(0, 1))
    const size = megabytes((await stat(tenPagePdf)).size)
    return {
      assemble: { pages: pages.length, megabytes: size, ...assemble },
      sign: { megabytes: size, ...sign },
      deliver,
    }
  } finally {
    await desk.close()
  }
}

async function benchToken(desk: Desk, input: string, path: (name: string) => string) {
  const signer = await practiceActor(desk, 'signer')
  const { certificate, chain, ...chosen } = await desk.findToken(signer, 'signature')
  const opening = performance.now()
  const pin = Buffer.from(PRACTICE.tokens.signer.pin)
  await using session = await desk.tokens.open({ certificate, chain, ...chosen }, { pin })
  const openMilliseconds = rounded(performance.now() - opening)
  const [scheme = 'RSA-PKCS1'] = session.schemes(certificate.sha256)
  const request: SignatureRequest = {
    ...{ certificate, chain, scheme, hash: 'SHA-256', fieldName: 'ChuKy', appearance: null, signingTime: new Date() },
    ...{ reason: null, location: null, signerName: null },
  }
  const token = (data: Uint8Array) => session.sign(certificate.sha256, scheme, 'SHA-256', data)
  const single = await sideBySide(
    RUNS,
    async n => {
      const prepared = await prepareSignature(input, request, { workFile: path(`work-${n}.pdf`), timestampBytes: 0 })
      const value = await signWithToken(prepared, session)
      await completeSignature(prepared, value, { timestamper: null, trust: null, output: path(`signed-${n}.pdf`) })
    },
    async n => {
      await copyFile(input, path(`copy-${n}.pdf`))
      const hash = createHash('sha256')
      await pipeline(createReadStream(input, { highWaterMark: 1 << 20 }), hash)
      await token(hash.digest())
    },
  )
  const bare = await milliseconds(async () => {
    for (let time = 0; time < BATCH_FILES; time++) await token(randomBytes(100))
  })
  const batchFiles = Array.from({ length: BATCH_FILES }, (_, n) => {
    return { input, request, workFile: path(`batch-work-${n}.pdf`), output: path(`batch-${n}.pdf`) }
  })
  const batch = await milliseconds(async () => {
    for await (const outcome of signBatch(batchFiles, session, { timestamper: null, trust: null })) {
      if (outcome.result !== 'done') throw new Error('not signed', { cause: outcome })
      await rm(outcome.file.output)
    }
  })
  const tokenRate = { bareMilliseconds: rounded(bare / BATCH_FILES), batchMilliseconds: rounded(batch / BATCH_FILES) }
  return { openMilliseconds, ...single, ...tokenRate }
}

async function benchDelivery(desk: Desk, portal: string, pageFiles: readonly string[]) {
  const signer = await practiceActor(desk, 'signer')
  const sealed: string[] = []
  for (let n = 0; n <= RUNS; n += 1) sealed.push(await sealedCopy(desk, pageFiles))
  const { size } = await stat(await desk.office.copies.file(signer, sealed[0] ?? '', 'sealed'))
  const bytes = randomBytes(size)
  const delivering = await sideBySide(
    RUNS,
    async n => {
      const [outcome] = await desk.deliver({ copyId: sealed[n] ?? '' })
      if (outcome?.result !== 'delivered') throw new Error(`not delivered: ${outcome?.errorCode}`)
    },
    async () => {
      const answer = await fetch(`${portal}/nowhere`, { method: 'POST', body: bytes })
      await answer.arrayBuffer()
    },
  )
  return { megabytes: megabytes(size), ...delivering }
}

async function sealedCopy(desk: Desk, pageFiles: readonly string[]): Promise<string> {
  const officer = await practiceActor(desk, 'officer')
  const request = await desk.office.requests.receive(officer, {
    requester: { name: 'Người thử (mẫu)', personalNumber: '099090000017', email: null, phone: null },
    originals: [{ title: 'Giấy tờ thử (mẫu)', kind: 'Giấy tờ khác', issuer: 'UBND xã Thanh Bình (mẫu)', copyCount: 1 }],
  })
  let [copy] = request.copies
  if (!copy) throw new Error('no copy')
  for await (const page of importFiles(desk.scanner, pageFiles, desk.incomingFolder(copy.id)))
    copy = await desk.office.copies.addPages(officer, copy, [page])
  copy = await desk.office.copies.submit(officer, copy, { comparedWithOriginal: true, allPagesPresent: true })
  for (const [role, kind, token] of [
    ['signer', 'signature', 'signer'],
    ['clerk', 'seal', 'organisation'],
  ] as const) {
    const actor = await practiceActor(desk, role)
    const chosen = await desk.findToken(actor, kind)
    const pin = Buffer.from(PRACTICE.tokens[token].pin)
    for await (const outcome of desk.signBatch(actor, [copy], kind, chosen, pin)) {
      if (outcome.result !== 'done') throw new Error('not signed')
      copy = outcome.copy
    }
  }
  return copy.id
}

/** Ten drawn pages, as a scanner leaves them: A4, 300 dpi, colour JPEG. */
async function tenPages(folder: string): Promise<readonly PageImage[]> {
  const pages: PageImage[] = []
  const papers = samplePapers()
  for (let seed = 1; pages.length < 10; seed += 1) {
    const paper = papers[seed % papers.length]
    if (!paper) throw new Error('no sample paper')
    pages.push(...(await drawPaper(paper.id, seed, join(folder, String(seed)))))
  }
  return pages.slice(0, 10)
}
