import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { goldenCopies, goldenFolder, goldenVerdict, TRUST, verdictSchema } from '../golden/golden.ts'
import { ctdesk } from '../support/ctdesk.ts'

/** What sets text in new documents may become anything, or go: it has no part in a verdict. */
vi.mock('@pdf-lib/fontkit', () => {
  throw new Error('there is no such package')
})
vi.mock('../../electron/document/fonts.ts', () => ({
  TextFont: class {
    constructor() {
      throw new Error('another font, another subsetter')
    }
  },
}))

describe.each([1])('copies of form %i', form => {
  const file = (name: string) => join(goldenFolder(form), name)
  const verdict = async (name: string) =>
    verdictSchema.parse(JSON.parse(await readFile(file(`${name}.verdict.json`), 'utf8')))

  test('are at hand, of each kind', () => {
    expect(goldenCopies(form).length).toBeGreaterThanOrEqual(4)
  })

  test.each(goldenCopies(form))('verify says of “%s” what it said when the copy was made', async name => {
    const then = await verdict(name)
    expect(then).toMatchObject({ valid: true, copy: { good: true, problems: [] } })
    expect(await goldenVerdict(file(`${name}.pdf`), file(TRUST), then.at)).toEqual(then)
  })

  test('verify at the terminal finds each valid, and a good copy', async () => {
    const names = goldenCopies(form)
    const { at } = await verdict(names[0] ?? '')
    const files = names.map(name => file(`${name}.pdf`))
    const { status, stdout } = await ctdesk([
      'verify',
      ...files,
      '--trust',
      file(TRUST),
      '--at',
      at,
      '--offline',
      '--json',
    ])
    expect(JSON.parse(stdout)).toMatchObject({ results: names.map(() => ({ valid: true, copy: { good: true } })) })
    expect(status).toBe(0)
  })
})
