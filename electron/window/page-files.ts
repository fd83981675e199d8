import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import type { AssetSource } from './app-protocol.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.bcmap': 'application/octet-stream',
  '.pfb': 'application/octet-stream',
  '.icc': 'application/octet-stream',
}

/** The built page. Only kinds of files that a page needs, and only what really lies in the folder, links resolved. */
export function pageFiles(folder: string): AssetSource {
  return async path => {
    const contentType = contentTypes[extname(path).toLowerCase()]
    if (contentType === undefined) return null
    try {
      const root = await realpath(folder)
      const file = await realpath(join(root, path))
      if (!file.startsWith(root + sep)) return null
      return { body: await readFile(file), contentType }
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR')
