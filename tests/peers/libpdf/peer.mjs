// LibPDF as signer: one JSON request a line on stdin, one JSON answer a line on stdout. LibPDF verifies no signatures.
// Copied beside the installed package, so that the import finds it.
import { readFile, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { HttpTimestampAuthority, P12Signer, PDF } from '@libpdf/core'

const signers = new Map()

/** Opened once: what is compared is the signing. */
async function signerOf(keyStore, password) {
  const signer = signers.get(keyStore) ?? (await P12Signer.create(await readFile(keyStore), password))
  signers.set(keyStore, signer)
  return signer
}

async function sign({ input, output, keyStore, password, level, timestampAuthority }) {
  const signer = await signerOf(keyStore, password)
  const document = await PDF.load(await readFile(input))
  const stamps = timestampAuthority ? { timestampAuthority: new HttpTimestampAuthority(timestampAuthority) } : {}
  const { bytes, warnings } = await document.sign({ signer, level, ...stamps })
  await writeFile(output, bytes)
  return warnings
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply
  try {
    reply = { answer: await sign(JSON.parse(line)) }
  } catch (error) {
    reply = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`)
}
