import { readFileSync, statSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawSeal, drawSignature } from '../../../electron/sandbox/papers.ts'
import { answerTimestampRequest } from '../../../electron/sandbox/timestamp-authority.ts'
import { hashAlgorithm } from '../../../native-signing/cms/algorithms.ts'
import { readBer, TAG } from '../../../native-signing/der/reader.ts'
import { element, integer, octetString, sequence } from '../../../native-signing/der/writer.ts'
import type { Timestamper } from '../../../native-signing/index.ts'
import { is, isName } from '../../../native-signing/pdf/objects.ts'
import { type Picture, preparePicture } from '../../../native-signing/sign/picture.ts'
import { samplePdf, signFile, temporaryFolder, testOffice } from './support.ts'

const MILLIMETRE = 72 / 25.4
const office = testOffice()
const folder = temporaryFolder('signing-picture-')
const plain = folder.file('plain.pdf')
let seal: Uint8Array
let signature: Uint8Array

beforeAll(async () => {
  writeFileSync(plain, await samplePdf())
  seal = await drawSeal('ỦY BAN NHÂN DÂN XÃ THANH BÌNH', 7)
  signature = await drawSignature('Nguyễn Văn An (mẫu)', 7)
})
afterAll(() => folder[Symbol.dispose]())

/** A time-stamp authority in this process. */
function stamper(expected: number | undefined): Timestamper {
  const options = { identity: office.pki.timestampAuthority, chain: [office.pki.subCa.certificate] }
  return {
    expectedBytes: () => expected,
    async stamp(imprint, hash) {
      const wantsCertificates = element(TAG.boolean, Uint8Array.of(0xff))
      const query = sequence(integer(1), sequence(hashAlgorithm(hash), octetString(imprint)), wantsCertificates)
      const answer = readBer(answerTimestampRequest(query, options)).reader()
      answer.next()
      return answer.next().bytes
    },
  }
}

async function svgPicture(content: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">${content}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

const square = { width: 96, height: 96 }
const colourSpace = ({ colour }: Picture) => colour.entries['ColorSpace']
const colourCount = (picture: Picture): number => {
  const space = colourSpace(picture)
  return is(space, 'array') && isName(space.items[0], 'Indexed') ? Number(space.items[2]) + 1 : 0
}

describe('what a signature adds to the file', () => {
  test.each<[string, () => Uint8Array, number, number, number, number]>([
    ['seal of 36 mm', () => seal, 36 * MILLIMETRE, 36 * MILLIMETRE, 45_000, 36_000],
    ['signature of 50 mm', () => signature, 50 * MILLIMETRE, 25 * MILLIMETRE, 34_000, 25_000],
  ])('%s, chain of two, time-stamp: within bounds', async (title, image, width, height, first, later) => {
    const appearance = { page: 1, rectangle: { x: 100, y: 300, width, height }, image: image() }
    const added = async (expected: number | undefined) => {
      const output = folder.file(`${title} ${expected}.pdf`)
      const { report } = await signFile(office, office.chairman, plain, output, {
        changes: { appearance },
        timestamper: stamper(expected),
      })
      expect(report.valid).toBe(true)
      return statSync(output).size - statSync(plain).size
    }
    expect(await added(undefined)).toBeLessThan(first)
    expect(await added(5500)).toBeLessThan(later)
  })

  test('a file signed without a time-stamp keeps no room for one', async () => {
    const output = folder.file('without.pdf')
    await signFile(office, office.chairman, plain, output)
    expect(statSync(output).size - statSync(plain).size).toBeLessThan(8_000)
    expect(readFileSync(output).toString('latin1')).not.toMatch(/0{600}/)
  })
})

describe('a picture keeps what the eye sees', () => {
  test('one ink is one colour, its edges are transparency', async () => {
    const picture = await preparePicture(seal, square)
    expect(colourCount(picture)).toBe(1)
    expect(picture.opacity?.entries['BitsPerComponent']).toBe(4)
    expect(Math.max(picture.width, picture.height)).toBe(400)
  })

  test('a faint ink keeps its exact strength', async () => {
    const picture = await preparePicture(
      await svgPicture('<rect width="300" height="300" fill="#00c" opacity="0.4"/>'),
      square,
    )
    expect(colourCount(picture)).toBe(1)
    const decode = picture.opacity?.entries['Decode']
    expect(is(decode, 'array') && Number(decode.items[1])).toBeCloseTo(0.4, 2)
  })

  test('a small spot of another colour is kept', async () => {
    const picture = await preparePicture(
      await svgPicture('<rect width="400" height="400" fill="#c00"/><rect x="200" width="8" height="8" fill="#00c"/>'),
      square,
    )
    expect(colourCount(picture)).toBeGreaterThan(1)
    expect(colourCount(picture)).toBeLessThanOrEqual(16)
    expect(picture.opacity).toBeNull()
  })

  test('on white where transparency is not allowed', async () => {
    const picture = await preparePicture(seal, { ...square, opaque: true })
    expect(picture.opacity).toBeNull()
    expect(colourCount(picture)).toBeGreaterThan(1)
  })

  test('a photograph stays a photograph', async () => {
    const colours = Array.from({ length: 200 * 200 }, (_, at) => [at % 200, Math.floor(at / 200), 128]).flat()
    const image = await sharp(Buffer.from(colours), { raw: { width: 200, height: 200, channels: 3 } })
      .png()
      .toBuffer()
    const picture = await preparePicture(image, square)
    expect(isName(picture.colour.entries['Filter'], 'DCTDecode')).toBe(true)
  })

  test('a picture that shows nothing at all', async () => {
    const picture = await preparePicture(await svgPicture(''), square)
    expect(colourCount(picture)).toBe(1)
    expect(picture.opacity).not.toBeNull()
  })
})
