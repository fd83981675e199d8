import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { SigningError } from '../errors.ts'
import type { ModuleFailure } from './list-tokens.ts'

/** A module that this machine's administrator has set up for every program. */
interface ConfiguredModule {
  readonly path: string
  /** `x-init-reserved`: what the module wants in pReserved of C_Initialize. */
  readonly parameters?: string
}

export interface ConfiguredModules {
  readonly modules: readonly ConfiguredModule[]
  /** Files and folders of settings that could not be read; the others count all the same. */
  readonly unreadable: readonly ModuleFailure[]
}

/** Where p11-kit's settings lie, the stronger first (pkcs11.conf(5)). */
export const p11KitFolders = (home: string): readonly string[] => [
  join(home, '.config/pkcs11/modules'),
  '/etc/pkcs11/modules',
  '/usr/share/p11-kit/modules',
]

/**
 * Reads p11-kit's module files. Each module is then loaded by us in a process of its own, not through p11-kit's proxy, where one that
 * crashes takes all with it. Left out: stores of trusted roots, modules run on other machines, those meant for other programs.
 * @param folders in the order of their strength: of files of one name the first counts
 * @param moduleFolders where a module named without a folder lies
 * @param program our name, as `enable-in` and `disable-in` may have it
 */
export function p11KitModules(
  folders: readonly string[],
  moduleFolders: readonly string[],
  program = 'ctdesk',
): ConfiguredModules {
  const unreadable: ModuleFailure[] = []
  const read = <T>(path: string, how: (path: string) => T): readonly T[] => {
    try {
      return [how(path)]
    } catch (cause) {
      const error = new SigningError('module-unusable', { reason: 'settings-unreadable' }, { cause })
      unreadable.push({ module: path, error })
      return []
    }
  }
  const files = new Map<string, string>()
  for (const folder of folders.filter(each => existsSync(each))) {
    for (const name of read(folder, each => readdirSync(each)).flat())
      if (name.endsWith('.module') && !files.has(name)) files.set(name, join(folder, name))
  }
  const modules = [...files.values()]
    .flatMap(file => read(file, each => readSettings(readFileSync(each, 'utf8'))))
    .filter(settings => isForUs(settings, program))
    .sort((one, other) => priority(other) - priority(one))
    .flatMap(settings => {
      const path = placeOf(settings.get('module') ?? '', moduleFolders)
      const parameters = settings.get('x-init-reserved')
      return path === null ? [] : [{ path, ...(parameters === undefined ? {} : { parameters }) }]
    })
  return { modules, unreadable }
}

type Settings = ReadonlyMap<string, string>

/** Lines `name: value`; `#` begins a comment. */
const readSettings = (text: string): Settings =>
  new Map(
    text.split('\n').flatMap(line => {
      const [, name, value] = /^\s*([A-Za-z0-9-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? []
      return name !== undefined && value ? [[name.toLowerCase(), value] as const] : []
    }),
  )

function isForUs(settings: Settings, program: string): boolean {
  const names = (key: string) => settings.get(key)?.split(/[\s,]+/)
  if (settings.get('trust-policy') === 'yes' || settings.has('remote')) return false
  return (names('enable-in')?.includes(program) ?? true) && !names('disable-in')?.includes(program)
}

const priority = (settings: Settings): number => Number.parseInt(settings.get('priority') ?? '0', 10) || 0

function placeOf(module: string, folders: readonly string[]): string | null {
  if (module === '') return null
  const places = isAbsolute(module) ? [module] : folders.map(folder => join(folder, module))
  return places.find(place => existsSync(place)) ?? null
}
