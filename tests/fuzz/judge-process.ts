import { verifyCopy } from '../../electron/office/verification/judge-copy.ts'
import { readCertificate, SigningError, verifyPdf } from '../../native-signing/index.ts'
import type { Answer, Question } from './judge.ts'

/** The process that judges one file after another; whatever happens to it happens to it alone. */
process.on('message', (question: Question) => {
  void answer(question).then(given => process.send?.(given))
})

async function answer({ file, anchors }: Question): Promise<Answer> {
  const trustAnchors = anchors.map(der => readCertificate(Buffer.from(der, 'base64')))
  const before = process.cpuUsage()
  const cost = () => {
    const { user, system } = process.cpuUsage(before)
    return { milliseconds: (user + system) / 1000, peakBytes: process.resourceUsage().maxRSS * 1024 }
  }
  try {
    const report = await verifyPdf(file, { trustAnchors })
    const copy = verifyCopy(file, report)
    const signatures = report.signatures.map(({ field, indication, revisionEnd }) => ({
      field,
      indication,
      revisionEnd,
    }))
    return { kind: 'report', valid: report.valid, good: copy?.good ?? null, signatures, ...cost() }
  } catch (error) {
    if (error instanceof SigningError) return { kind: 'refused', code: error.code, ...cost() }
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    return {
      kind: 'fault',
      what: `${name}: ${message}\n${stack?.split('\n').slice(1, 6).join('\n')}`,
      ...cost(),
    }
  }
}
