import { readFileSync, writeFileSync } from 'node:fs'
import { PDFDocument } from 'pdf-lib'
import { composeCertifiedCopy } from '../../electron/document/index.ts'
import { createOcspResponder } from '../../electron/sandbox/ocsp-responder.ts'
import { startRevocationServer } from '../../electron/sandbox/revocation-server.ts'
import { startTimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import { type Certificate, createStatusFetcher, createTimestamper, extendPdf } from '../../native-signing/index.ts'
import { copyRequest, STATEMENT, scannedPage } from '../integration/document-support.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'
import { samplePdf, signedCopies, signFile, testOffice, testSigner } from '../unit/signing/support.ts'
import { certify } from '../unit/verify/certify.ts'

/** A file that is valid as it is, and what its signatures cover. */
export interface Sample {
  readonly name: string
  readonly bytes: Buffer
  readonly covered: readonly {
    readonly revisionEnd: number
    /** Of the signature's own /Contents, the one place that it does not cover. */
    readonly hole: readonly [start: number, end: number]
  }[]
}

function sample(name: string, path: string): Sample {
  const bytes = readFileSync(path)
  const ranges = bytes.toString('latin1').matchAll(/\/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]/g)
  const covered = [...ranges].map(([, start, end, length]) => ({
    revisionEnd: Number(end) + Number(length),
    hole: [Number(start), Number(end)] as const,
  }))
  return { name, bytes, covered }
}

export interface Samples {
  readonly samples: readonly Sample[]
  /** All that is needed to trust them. */
  readonly anchors: readonly Certificate[]
}

/** Real signed files of the kinds that there are, small: signed once and twice, stamped, archived, certified, and a whole certified copy. */
export async function makeSamples(folder: TemporaryFolder): Promise<Samples> {
  await using closing = new AsyncDisposableStack()
  const clock = () => new Date()
  const server = await startRevocationServer({ clock })
  closing.defer(() => server.close())
  const office = testOffice(server.url)
  server.setResponder(createOcspResponder(office.pki, clock()))
  const identity = office.pki.timestampAuthority
  const authority = await startTimestampAuthority({ identity, chain: [office.pki.subCa.certificate], clock })
  closing.defer(() => authority.close())
  const timestamper = createTimestamper({ url: authority.url, tries: 1 })
  const file = (name: string) => folder.file(`${name}.pdf`)

  const { once, twice } = await signedCopies(office, folder)
  writeFileSync(file('plain-streams'), await samplePdf({ objectStreams: true }))
  await signFile(office, office.chairman, file('plain-streams'), file('streams'), { timestamper })
  await extendPdf(file('streams'), {
    ...{
      level: 'B-LTA',
      timestamper,
      output: file('archived'),
      fetcher: createStatusFetcher({ timeout: 10_000, allowPrivate: true }),
    },
    trust: { trustAnchors: office.trust.trustAnchors },
  })

  const form = await PDFDocument.create()
  const page = form.addPage([300, 300])
  form.getForm().createTextField('name').addToPage(page, { x: 20, y: 20, width: 100, height: 20 })
  writeFileSync(file('plain-form'), await form.save({ useObjectStreams: false }))
  await certify(office, office.chairman, file('plain-form'), file('form-certified'), {
    certification: 2,
    locked: ['x'],
  })
  await signFile(office, office.seal, file('form-certified'), file('form'), { changes: { fieldName: 'Seal' } })

  const signer = testSigner(office.pki, { commonName: STATEMENT.signerName, key: 'p-256' })
  const scanned = await scannedPage(folder.file('page.jpg'), { dpi: 30 })
  await composeCertifiedCopy(copyRequest([scanned]), file('composed'))
  await signFile(office, signer, file('composed'), file('signed'), { changes: { fieldName: 'ChuKy' }, timestamper })
  await signFile(office, office.seal, file('signed'), file('copy'), { changes: { fieldName: 'ConDau' }, timestamper })

  return {
    samples: [
      sample('once', once),
      sample('twice', twice),
      ...['streams', 'archived', 'form', 'copy'].map(name => sample(name, file(name))),
    ],
    anchors: [...office.trust.trustAnchors, ...office.chain],
  }
}
