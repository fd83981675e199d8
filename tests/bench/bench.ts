/**
 * `npm run bench`: the main job's three costly steps, each beside a reference in the same run. Prints one JSON object: milliseconds, and
 * ratios ours/reference, which alone can be compared between machines.
 */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { openDesk } from '../../electron/desk.ts'
import { composePages, type PageImage } from '../../electron/document/index.ts'
import { drawPaper, samplePapers } from '../../electron/sandbox/papers.ts'
import { createPracticeOffice, PRACTICE, practiceActor } from '../../electron/sandbox/practice-office.ts'
import { startPracticeServices } from '../../electron/sandbox/practice-services.ts'
import { importFiles } from '../../electron/scanners.ts'
import { completeSignature, prepareSignature, signWithToken } from '../../native-signing/index.ts'
import type { SignatureRequest } from '../../native-signing/types.ts'
import { sideBySide } from './measure.ts'

const RUNS = 9
const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'ctdesk-bench-'))
const say = (line: string) => process.stderr.write(`${line}\n`)

try {
  const office = join(root, 'office')
  await createPracticeOffice(office, new Date())
  await using services = await startPracticeServices(office, () => new Date())
  const desk = await openDesk(office)
  try {
    const pages = await tenPages()
    const tenPagePdf = join(root, 'ten.pdf')
    await composePages(pages, { title: 'Mười trang (mẫu)', createdAt: new Date(0) }, tenPagePdf)

    say('assemble: ten pages into a PDF, against img2pdf')
    const files = pages.map(page => page.path)
    const assembleWarm = await sideBySide(
      RUNS,
      n => composePages(pages, { title: 'Mười trang (mẫu)', createdAt: new Date(0) }, join(root, `ours-${n}.pdf`)),
      n => run('img2pdf', ['--output', join(root, `peer-${n}.pdf`), ...files]),
    )

    say('sign: file to file, against copy + SHA-256 + one token operation')
    const signer = await practiceActor(desk, 'signer')
    const chosen = await desk.findToken(signer, 'signature')
    await using session = await desk.tokens.open(chosen, { pin: Buffer.from(PRACTICE.tokens.signer.pin) })
    const [scheme = 'RSA-PKCS1'] = session.schemes(chosen.certificate.sha256)
    const sign = async (n: number) => {
      const request: SignatureRequest = {
        certificate: chosen.certificate,
        chain: chosen.chain,
        scheme,
        hash: 'SHA-256',
        fieldName: 'ChuKy',
        appearance: null,
        signingTime: new Date(),
        reason: null,
        location: null,
        signerName: null,
      }
      const prepared = await prepareSignature(tenPagePdf, request, { workFile: join(root, `work-${n}.pdf`) })
      const value = await signWithToken(prepared, session)
      const output = join(root, `signed-${n}.pdf`)
      await completeSignature(prepared, value, { timestamper: null, trust: null, output })
    }
    const floor = async (n: number) => {
      const copy = join(root, `copy-${n}.pdf`)
      await copyFile(tenPagePdf, copy)
      const hash = createHash('sha256')
      await pipeline(createReadStream(copy), hash)
      await session.sign(chosen.certificate.sha256, scheme, 'SHA-256', hash.digest())
    }
    const signing = await sideBySide(RUNS, sign, floor)

    say('deliver: to the practice portal, against one bare upload of the same bytes over HTTP')
    const sealed: string[] = []
    for (let n = 0; n <= RUNS; n += 1) sealed.push(await sealedCopy(files.slice(0, 1)))
    const { sealedSha256 } = await desk.office.copies.read(signer, sealed[0] ?? '')
    const { size } = await stat(await desk.office.copies.file(signer, sealed[0] ?? '', 'sealed'))
    const bytes = randomBytes(size)
    const delivering = await sideBySide(
      RUNS,
      async n => {
        const [outcome] = await desk.deliver({ copyId: sealed[n] ?? '' })
        if (outcome?.result !== 'delivered') throw new Error(`not delivered: ${outcome?.errorCode}`)
      },
      async () => {
        const answer = await fetch(`${services.portal.url}/nowhere`, { method: 'POST', body: bytes })
        await answer.arrayBuffer()
      },
    )

    const megabytes = (n: number) => Math.round((n / 1e6) * 100) / 100
    const result = {
      machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version },
      assemble: { pages: pages.length, megabytes: megabytes((await stat(tenPagePdf)).size), ...assembleWarm },
      sign: { megabytes: megabytes((await stat(tenPagePdf)).size), ...signing },
      deliver: { megabytes: megabytes(size), sealedSha256, ...delivering },
      peakMemoryMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
    }
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)

    async function sealedCopy(pageFiles: readonly string[]): Promise<string> {
      const officer = await practiceActor(desk, 'officer')
      const request = await desk.office.requests.receive(officer, {
        requester: { name: 'Người thử (mẫu)', personalNumber: '099090000017', email: null, phone: null },
        originals: [
          { title: 'Giấy tờ thử (mẫu)', kind: 'Giấy tờ khác', issuer: 'UBND xã Thanh Bình (mẫu)', copyCount: 1 },
        ],
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
        const chosenToken = await desk.findToken(actor, kind)
        const pin = Buffer.from(PRACTICE.tokens[token].pin)
        for await (const outcome of desk.signBatch(actor, [copy], kind, chosenToken, pin)) {
          if (outcome.result !== 'done') throw new Error('not signed')
          copy = outcome.copy
        }
      }
      return copy.id
    }
  } finally {
    await desk.close()
  }
} finally {
  await rm(root, { recursive: true, force: true })
}

/** Ten drawn pages, as a scanner leaves them: A4, 300 dpi, colour JPEG. */
async function tenPages(): Promise<readonly PageImage[]> {
  const pages: PageImage[] = []
  const papers = samplePapers()
  for (let seed = 1; pages.length < 10; seed += 1) {
    const paper = papers[seed % papers.length]
    if (!paper) throw new Error('no sample paper')
    pages.push(...(await drawPaper(paper.id, seed, join(root, 'papers', String(seed)))))
  }
  return pages.slice(0, 10)
}
