import { join } from 'node:path'
import { z } from 'zod'
import { OwnFileError } from './errors.ts'
import { writeFileDurably } from './files.ts'
import { readOwnJson } from './own-files.ts'
import { StoreError } from './store/errors.ts'

/**
 * What this PC's program needs to know beside the office's own settings: devices, addresses, trust. `settings.json` in the office's
 * folder; paths in it are relative to that folder. Secrets stand in files of their own, named here.
 */
export const deskSettingsSchema = z
  .strictObject({
    officeId: z.string().min(1),
    language: z.enum(['vi', 'en']).default('vi'),
    /** A practice office: everything it makes is marked as such and nobody outside trusts it. */
    practice: z.boolean().default(false),
    tokens: z
      .strictObject({
        /** PKCS#11 modules to use; empty: those of `resources/pkcs11-modules.json` that lie on this PC. */
        modules: z.array(z.string().min(1)).default([]),
        /** Environment of the process that loads a module. */
        environment: z.record(z.string(), z.string()).default({}),
        /** By module: what it wants to be told when it starts (pReserved of C_Initialize), as NSS does. */
        parameters: z.record(z.string(), z.string()).default({}),
        /** Key files (PKCS#12) that play the tokens of a practice office where there is no SoftHSM; no modules are used beside them. */
        keyFiles: z.array(z.string().endsWith('.p12')).default([]),
      })
      .prefault({}),
    trust: z
      .strictObject({
        /** Certificates (DER or PEM) that end a path, and those between them and the signers. */
        anchors: z.array(z.string().min(1)).default([]),
        intermediates: z.array(z.string().min(1)).default([]),
        revocationLists: z.array(z.string().min(1)).default([]),
        /**
         * Asks authorities inside the own network (CPNet) for issuers, OCSP answers and lists; otherwise only hosts of the public internet. A
         * practice office always may.
         */
        privateAddresses: z.boolean().default(false),
      })
      .prefault({}),
    /** Time-stamp authority (RFC 3161); without one only a practice office signs. */
    timestamp: z
      .strictObject({
        url: z.url(),
        /** For one attempt; an authority that is known to be slow needs more. */
        timeoutSeconds: z.number().int().min(1).max(600).default(30),
        attempts: z.number().int().min(1).max(10).default(3),
      })
      .nullable()
      .default(null),
    delivery: z
      .discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('dossier-api'),
          /** Laid over the defaults of `resources/portals/dossier-api.json`. */
          settings: z.record(z.string(), z.unknown()),
          /** File with `client_id` and `client_secret`, readable by the office's account only. */
          credentialsFile: z.string().min(1),
        }),
        z.strictObject({ kind: z.literal('manual-package'), folder: z.string().min(1) }),
      ])
      .prefault({ kind: 'manual-package', folder: 'packages' }),
    backup: z
      .strictObject({
        /** Folder on a second place (another drive, a network share) that a backup goes to each day; null: none is set up. */
        folder: z.string().min(1).nullable().default(null),
        /** How many of this office's backups stay there. */
        keep: z.number().int().min(1).max(1000).default(30),
      })
      .prefault({}),
    scanner: z
      .strictObject({
        /** SANE devices that no search finds (net:…, test). */
        extraDevices: z.array(z.string().min(1)).default([]),
        /** By SANE name: what the people here call a scanner, in place of what it says of itself. */
        deviceNames: z.record(z.string(), z.string().min(1)).default({}),
        /** By SANE name: options of `scanimage` that a scanner needs for every scan (`--brightness=10`). */
        deviceOptions: z.record(z.string(), z.array(z.string().startsWith('--'))).default({}),
      })
      .prefault({}),
  })
  // A file can be copied, and its password tried for ever: the law wants a token.
  .refine(settings => settings.practice || settings.tokens.keyFiles.length === 0, {
    path: ['tokens', 'keyFiles'],
    message: 'key files are for a practice office',
  })

export type DeskSettings = z.infer<typeof deskSettingsSchema>

export const SETTINGS_FILE = 'settings.json'

/** Reads an office's `settings.json`. @throws StoreError settings-missing; OwnFileError; errors of the disk as they are */
export async function readDeskSettings(folder: string): Promise<DeskSettings> {
  try {
    return await readOwnJson(join(folder, SETTINGS_FILE), deskSettingsSchema)
  } catch (cause) {
    const missing = cause instanceof OwnFileError && cause.code === 'own-file-missing'
    throw missing ? new StoreError('settings-missing', {}, { cause }) : cause
  }
}

/** Writes `settings.json` whole or not at all. */
export async function writeDeskSettings(folder: string, settings: z.input<typeof deskSettingsSchema>): Promise<void> {
  const checked = deskSettingsSchema.parse(settings)
  await writeFileDurably(join(folder, SETTINGS_FILE), Buffer.from(`${JSON.stringify(checked, null, 2)}\n`))
}
