import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { composeCertifiedCopy } from '../../electron/document/forms.ts'
import type { CertifiedCopyRequest } from '../../electron/document/types.ts'
import { composingOf } from '../../electron/office/signing/content.ts'
import { goldenContent, goldenCopies, goldenFolder, pagePath } from '../golden/golden.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The same words in their other spelling. */
const decomposed = (request: CertifiedCopyRequest): CertifiedCopyRequest => {
  const { statement, title } = request
  const plain = (text: string) => text.normalize('NFD')
  return {
    ...request,
    title: plain(title),
    statement: {
      ...statement,
      officeName: plain(statement.officeName),
      signerTitle: statement.signerTitle.map(plain),
      signerName: plain(statement.signerName),
    },
  }
}

/** A change of the writer is a new form (docs/copy-forms.md): these bytes are what offices have signed. */
describe.each([1])('form %i composes, from the same content, the very bytes that were signed', form => {
  test.each(goldenCopies(form))('of “%s”', async name => {
    using folder = temporaryFolder()
    const golden = await readFile(join(goldenFolder(form), `${name}.pdf`))
    const request = composingOf(await goldenContent(form, name), { path: sha256 => pagePath(form, sha256) })
    for (const each of [request, decomposed(request)]) {
      const out = folder.file('composed.pdf')
      await composeCertifiedCopy(each, out)
      const composed = await readFile(out)
      const signed = golden.subarray(0, composed.length)
      expect(signed.subarray(-6).toString('latin1')).toBe('%%EOF\n')
      // Not the bytes themselves: a difference of some 40 kB is no message for anybody.
      expect(sha256Of(composed), 'a form that offices have signed was changed: docs/copy-forms.md').toBe(
        sha256Of(signed),
      )
    }
  })
})

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
