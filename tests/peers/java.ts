import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { cached, run } from './cache.ts'
import { Helper, opinionsSchema } from './helper.ts'
import type { Peer, SigningOrder } from './types.ts'

const source = join(import.meta.dirname, 'java')

/** Classes and class path; Maven brings the libraries, javac compiles our few files. */
async function build(): Promise<string> {
  const names = (await readdir(source)).toSorted()
  const hash = createHash('sha256')
  for (const name of names) hash.update(await readFile(join(source, name)))
  return cached(`java-${hash.digest('hex').slice(0, 12)}`, async folder => {
    const list = join(folder, 'class-path')
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath'
    const options = { cwd: folder, maxBuffer: 1 << 26 }
    await run('mvn', ['-B', '-q', '-f', join(source, 'pom.xml'), goal, `-Dmdep.outputFile=${list}`], options)
    const classes = join(folder, 'classes')
    await mkdir(classes)
    const files = names.filter(name => name.endsWith('.java')).map(name => join(source, name))
    await run('javac', ['-encoding', 'UTF-8', '-d', classes, '-cp', await readFile(list, 'utf8'), ...files])
  })
}

const verdictSchema = z.object({ compliant: z.boolean(), broken: z.array(z.string()) })

/** So that two cores and the tests' other programs have room beside it. */
const SMALL = ['-Xmx1g', '-XX:+UseSerialGC']

/** EU DSS, PDFBox and veraPDF in one Java process, which ends with the last of them. @param flags of the virtual machine */
export async function startJavaPeers(
  flags: readonly string[] = SMALL,
): Promise<{ readonly dss: Peer; readonly pdfBox: Peer; readonly veraPdf: Peer }> {
  const folder = await build()
  const classPath = `${join(folder, 'classes')}:${await readFile(join(folder, 'class-path'), 'utf8')}`
  const helper = new Helper('java', [...flags, '-cp', classPath, 'Peers'])
  const { processId } = helper
  const close = () => helper[Symbol.asyncDispose]()
  const signs = (command: string) => async (order: SigningOrder) => {
    const { signer, trust, ...rest } = order
    await helper.ask({ command, ...rest, ...trust, keyStore: signer.keyStore, password: signer.password })
  }
  const judges = (command: string): NonNullable<Peer['judge']> => {
    return async (file, trust) => opinionsSchema.parse(await helper.ask({ command, file, ...trust }))
  }
  return {
    dss: { name: 'DSS', processId, judge: judges('dss-judge'), sign: signs('dss-sign'), [Symbol.asyncDispose]: close },
    pdfBox: {
      name: 'PDFBox',
      processId,
      highestLevel: 'B-T',
      judge: judges('pdfbox-judge'),
      sign: signs('pdfbox-sign'),
      [Symbol.asyncDispose]: close,
    },
    veraPdf: {
      name: 'veraPDF',
      async check(file, archival) {
        const { compliant, broken } = verdictSchema.parse(
          await helper.ask({ command: 'verapdf', file, flavour: archival }),
        )
        return compliant ? null : broken.join('; ')
      },
      [Symbol.asyncDispose]: close,
    },
  }
}
