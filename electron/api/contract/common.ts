import { z } from 'zod'

/** Ids are made by the office (UUID version 7); nothing else is let into a path or a query. */
export const idSchema = z.string().regex(/^[0-9A-Za-z-]{1,64}$/)

/** A copy as the page last saw it; a change by somebody else in between gives the error `copy-changed-meanwhile`. */
export const copyRefSchema = z.object({ id: idSchema, version: z.int().min(0) })

/** A day in Vietnam's calendar, `yyyy-mm-dd`. */
export const daySchema = z.iso.date()

/** A time, UTC, ISO 8601 with Z. All times cross like this. */
export type Time = string

/** Chosen by the page; `jobs.cancel` with it ends long work in order: what is done stays done, and the job still says what was not tried. */
export const jobIdSchema = idSchema

/** A file or folder of this PC that the program found or a person chose in the system's own dialog; the page sends no path. */
export const chosenPathSchema = z.uuid()

/** How every error reaches the page: a stable code, what happened and what to do, in the user's language. */
export interface ErrorNotice {
  readonly code: string
  readonly what: string
  readonly todo: string
}

export const languageSchema = z.enum(['vi', 'en'])
