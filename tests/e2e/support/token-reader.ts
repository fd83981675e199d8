import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDeskSettings, writeDeskSettings } from '../../../electron/desk-settings.ts'
import { ensurePracticeOffice } from '../../../electron/window/practice.ts'
import { buildFakeModule, fakeToken } from '../../support/fake-token.ts'

/** The reader that the practice tokens are in, as a hand at the PC has it. */
export interface TokenReader {
  /** Makes the practice office with its tokens in this reader; before the program starts. */
  prepare(dataFolder: string): Promise<void>
  /** The tokens are pulled out after so many signatures (1 to 9) of the next batch. */
  pullAfter(signatures: number): void
  plugIn(): void
}

export function tokenReader(): TokenReader {
  let pulled = ''
  return {
    async prepare(dataFolder) {
      const office = join(dataFolder, 'practice-office')
      await ensurePracticeOffice(office, new Date())
      const settings = await readDeskSettings(office)
      const { modules, environment } = settings.tokens
      pulled = join(dataFolder, 'pulled')
      const soft = { module: modules[0] ?? '', environment }
      const reader = fakeToken(buildFakeModule(dataFolder), soft, join(dataFolder, 'reader'), [], {
        FAKE_TOKEN_PULLED: pulled,
      })
      await writeDeskSettings(office, {
        ...settings,
        tokens: { ...settings.tokens, modules: [reader.module], environment: { ...reader.environment } },
      })
    },
    pullAfter: signatures => writeFileSync(pulled, String(signatures)),
    plugIn: () => rmSync(pulled, { force: true }),
  }
}
