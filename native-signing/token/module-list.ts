import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const platformSchema = z.enum(['win32', 'linux', 'darwin'])

const knownModuleSchema = z.strictObject({
  /** Who gives out the token, as its users know it. */
  issuer: z.string().min(1),
  platform: platformSchema,
  /** File names, looked for in the folders; or whole paths. Newest first. */
  files: z.array(z.string().min(1)).min(1).readonly(),
  /** Where the names are known from. */
  basis: z.string().min(1),
})
export type KnownModule = z.infer<typeof knownModuleSchema>

const listSchema = z.strictObject({
  /** Folders to look in; `%NAME%` is taken from the environment. */
  folders: z.record(platformSchema, z.array(z.string().min(1)).readonly()),
  modules: z.array(knownModuleSchema).readonly(),
})
export type ModuleList = z.infer<typeof listSchema>

/** Reads the list of known modules (`resources/pkcs11-modules.json`). @throws when it is not as it should be */
export function readModuleList(file: string): ModuleList {
  return listSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}

export interface InstalledModule {
  readonly issuer: string
  readonly path: string
}

/** The known modules that are there on this machine, in the list's order; a file under several names (links) once. */
export function installedModules(
  list: ModuleList,
  machine: {
    readonly platform: string
    readonly environment: Readonly<Record<string, string | undefined>>
    /** The file's own path, links followed; null where there is none. */
    readonly realPath?: (path: string) => string | null
  },
): readonly InstalledModule[] {
  const { realPath = existingFile } = machine
  const platform = platformSchema.safeParse(machine.platform).data
  if (!platform) return []
  const expand = (path: string) => path.replace(/%(\w+)%/g, (whole, name: string) => machine.environment[name] ?? whole)
  const folders = list.folders[platform].map(expand)
  const separator = platform === 'win32' ? '\\' : '/'
  const found = new Map<string, InstalledModule>()
  for (const { issuer, files } of list.modules.filter(each => each.platform === platform)) {
    for (const file of files.map(expand)) {
      const isPath = file.includes('/') || file.includes('\\')
      const places = isPath
        ? [file]
        : folders.map(folder => (separator === '/' ? join(folder, file) : `${folder}\\${file}`))
      for (const path of places.flatMap(place => realPath(place) ?? [])) {
        if (!found.has(path)) found.set(path, { issuer, path })
      }
    }
  }
  return [...found.values()]
}

const existingFile = (path: string): string | null => (existsSync(path) ? realpathSync(path) : null)
