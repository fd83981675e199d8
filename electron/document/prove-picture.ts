import sharp from 'sharp'
import { DocumentError } from './errors.ts'
import { PIXEL_LIMIT } from './import.ts'

/**
 * Decodes a whole picture, small, so that a truncated or damaged one is found out now and not in front of the citizen.
 * @param failOn `warning` where a reader of pictures only warns of a cut one
 * @throws DocumentError image-damaged
 */
export async function provePicture(
  bytes: Uint8Array,
  file: string,
  failOn: 'error' | 'warning' = 'error',
): Promise<void> {
  try {
    await sharp(bytes, { failOn, limitInputPixels: PIXEL_LIMIT }).resize(32).raw().toBuffer()
  } catch (cause) {
    throw new DocumentError('image-damaged', { file }, { cause })
  }
}
