import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resourcePath } from '../../resources.ts'
import { DocumentError } from '../errors.ts'
import { openTrueType, type TrueTypeFont } from './truetype.ts'

/** Tinos has the widths of Times New Roman, which NĐ 30/2020 Phụ lục I asks for, and every Vietnamese letter. */
const FACES = {
  regular: {
    file: 'Tinos-Regular.ttf',
    sha256: '924ef269e73da94c1803ff68877f5d998dd16605c5ffad82ee181034f8a1fffe',
  },
  bold: {
    file: 'Tinos-Bold.ttf',
    sha256: '576a19b5dc026cafe6ae8fde4c849588dae6475cf5d912cebdf2827388c43ad9',
  },
  italic: {
    file: 'Tinos-Italic.ttf',
    sha256: '4a52de5bcf70e37bd71949f8a85302b75795a1943aedffbbee4f2db7744e1c81',
  },
} as const

export type Face = keyof typeof FACES

/** The file of a face. @throws DocumentError font-changed */
export function readFace(face: Face): Uint8Array {
  const { file, sha256 } = FACES[face]
  const bytes = readFileSync(resourcePath('fonts', 'form-1', file))
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new DocumentError('font-changed', { file })
  return bytes
}

const opened = new Map<Face, TrueTypeFont>()

/** A face, read once in a process: it never changes. @throws DocumentError font-changed */
export function openFace(face: Face): TrueTypeFont {
  const font = opened.get(face) ?? openTrueType(readFace(face))
  opened.set(face, font)
  return font
}
