import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { dictionary, is, textString } from '../../../native-signing/pdf/objects.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { Judge, type Outcome } from '../../fuzz/judge.ts'
import { faultOf } from '../../fuzz/oracle.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { signFile, testOffice } from '../signing/support.ts'
import { type Body, file, stream } from './pdf-bytes.ts'

const folder = temporaryFolder('hostile-updates-')
afterAll(() => folder[Symbol.dispose]())
let counter = 0

describe('signed files that go on and on', () => {
  const office = testOffice()

  /** `base` signed, then updated as often as asked, each time by one more entry of the document information. */
  async function updated(base: Buffer, times: number): Promise<Outcome> {
    const [plain, signed] = [folder.file(`${++counter}.pdf`), folder.file(`${++counter}.pdf`)]
    writeFileSync(plain, base)
    await signFile(office, office.chairman, plain, signed)
    const parts: Buffer[] = [readFileSync(signed)]
    for (let time = 0; time < times; time++) {
      const document = PdfDocument.open(new MemorySource(Buffer.concat(parts)))
      const update = new IncrementalUpdate(document)
      const information = document.trailer.entries.get('Info')
      if (is(information, 'reference')) update.set(information, dictionary({ Title: textString(`${time}`) }))
      parts.push(update.write().bytes)
    }
    using own = new Judge([...office.trust.trustAnchors, ...office.chain])
    writeFileSync(plain, Buffer.concat(parts))
    return await own.judge(plain)
  }
  function expectInTime(outcome: Outcome): void {
    expect(outcome.kind).toBe('report')
    if (outcome.kind === 'report')
      expect(faultOf(Buffer.alloc(0), [], { ...outcome, signatures: [], valid: false })).toBeNull()
  }
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>'
  const start = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: page,
    4: '<< >>',
  }

  test('thirty thousand objects', async () => {
    const objects: Record<number, Body> = { ...start }
    for (let number = 5; number < 30_000; number++) objects[number] = `<< /A ${number - 1} 0 R >>`
    const outcome = await updated(file(objects, '/Info 4 0 R'), 1)
    expectInTime(outcome)
  })

  test('five thousand streams whose length is wrong', async () => {
    const objects: Record<number, Body> = { ...start }
    for (let number = 5; number < 5_000; number++) objects[number] = stream('', Buffer.from('x'), '99999999')
    expectInTime(await updated(file(objects, '/Info 4 0 R'), 1))
  })

  test('two hundred permitted updates', async () => {
    expect(await updated(file(start, '/Info 4 0 R'), 200)).toMatchObject({ kind: 'report', valid: true })
  })
})
