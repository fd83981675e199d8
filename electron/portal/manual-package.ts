import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { DeskError } from '../errors.ts'
import { syncFolder, writeFileDurably, writeStreamDurably } from '../files.ts'
import { explain } from '../messages.ts'
import type { Cancellation, DeliveryAdapter, DeliveryAttempt, DeliveryReceipt, Parcel } from './adapter.ts'
import { PortalError, type PortalErrorCode } from './errors.ts'
import { metadataCsv, packageFileName, packageMetadata, packageName } from './package-metadata.ts'
import { checkParcelFile } from './parcel-file.ts'

export interface ManualPackageParts {
  /** Where the packages go; made when missing. */
  readonly directory: string
  readonly clock: () => Date
}

const storedSchema = z.object({ HashTepTin: z.string(), MaBanSao: z.string(), ThoiDiemDongGoi: z.iso.datetime() })

/**
 * Delivery for offices whose only road is the portal's own page in the browser: a folder with the signed PDF and its metadata as JSON and
 * CSV. The folder appears whole or not at all; asked again, the same parcel gives the same folder.
 * @throws PortalError parcel-file-missing, parcel-file-changed, package-conflict, package-folder-unwritable, disk-full, delivery-cancelled
 */
export function createManualPackageAdapter({ directory, clock }: ManualPackageParts): DeliveryAdapter {
  return {
    name: 'manual-package',
    async deliver(parcel, { checkpoint, save, proceed, signal }) {
      const name = packageName(parcel)
      const receipt =
        (await existing(join(directory, name), parcel)) ??
        (await written(parcel, directory, name, clock(), { proceed, signal }))
      await save({ ...checkpoint, package: name, confirmedAt: receipt.confirmedAt.toISOString() })
      return receipt
    },
    /** Marks the package, if it still lies there; whether it was uploaded, and to whom that must be told, only a person knows. */
    async cancel(parcel, cancellation, { delivered }) {
      const name = packageName(parcel)
      const folder = join(directory, name)
      if (await isFolder(folder)) {
        await delivered({ receipt: name, confirmedAt: clock() })
        await marked(folder, parcel, cancellation)
      } else if (cancellation.receipt === null) return null
      throw new PortalError('cancellation-by-hand', { receipt: cancellation.receipt ?? name })
    },
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false
    throw unwritable(cause, basename(path))
  }
}

/** Leaves a paper in the package that whoever opens it sees first. */
async function marked(folder: string, { number, book }: Parcel, cancellation: Cancellation): Promise<void> {
  const { decisionNumber, decisionDate } = cancellation
  const parameters = { number, book, decisionNumber, decisionDate }
  const { what, todo } = explain({ code: 'package-cancelled', parameters }, 'vi')
  try {
    await writeFileDurably(join(folder, '0-DA-HUY-BO.txt'), `\uFEFF${what}\r\n${todo}\r\n`)
  } catch (cause) {
    throw unwritable(cause, basename(folder))
  }
}

/** The package as it was made before; null when there is none. */
async function existing(folder: string, parcel: Parcel): Promise<DeliveryReceipt | null> {
  const receipt = packageName(parcel)
  let text: string
  try {
    text = await readFile(join(folder, 'metadata.json'), 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw unwritable(cause, receipt)
  }
  let metadata: z.infer<typeof storedSchema>
  try {
    metadata = storedSchema.parse(JSON.parse(text))
    await checkParcelFile({ ...parcel.file, path: join(folder, packageFileName(parcel)) })
  } catch (cause) {
    throw new PortalError('package-conflict', { package: receipt }, { cause })
  }
  if (metadata.MaBanSao !== parcel.copyId || metadata.HashTepTin !== parcel.file.sha256) {
    throw new PortalError('package-conflict', { package: receipt })
  }
  return { receipt, confirmedAt: new Date(metadata.ThoiDiemDongGoi) }
}

async function written(
  parcel: Parcel,
  directory: string,
  name: string,
  now: Date,
  { proceed, signal }: Pick<DeliveryAttempt, 'proceed' | 'signal'>,
): Promise<DeliveryReceipt> {
  const partial = join(directory, `.${name}.partial`)
  const metadata = packageMetadata(parcel, now)
  try {
    // What a kill left behind.
    await rm(partial, { recursive: true, force: true })
    await mkdir(partial, { recursive: true })
    await checkParcelFile(parcel.file)
    const pdf = join(partial, packageFileName(parcel))
    await writeStreamDurably(pdf, createReadStream(parcel.file.path))
    await checkParcelFile({ ...parcel.file, path: pdf })
    await writeFileDurably(join(partial, 'metadata.json'), `${JSON.stringify(metadata, null, 2)}\n`)
    await writeFileDurably(join(partial, 'metadata.csv'), metadataCsv(metadata))
    if (signal?.aborted) throw new PortalError('delivery-cancelled', { step: 'package' })
    await proceed()
    await rename(partial, join(directory, name))
    await syncFolder(directory)
  } catch (cause) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined)
    throw unwritable(cause, name)
  }
  return { receipt: name, confirmedAt: now }
}

const CODES: Readonly<Record<string, PortalErrorCode>> = {
  ENOSPC: 'disk-full',
  // A folder of that name, but no package of ours in it.
  ENOTEMPTY: 'package-conflict',
  EEXIST: 'package-conflict',
}

function unwritable(cause: unknown, name: string): DeskError {
  if (cause instanceof DeskError) return cause
  const system = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new PortalError(CODES[system] ?? 'package-folder-unwritable', { package: name }, { cause })
}
