/** Parameters of an error's sentence. Never a PIN, a password or a citizen's data. */
export type ErrorParameters = Readonly<Record<string, string | number>>

/**
 * The base of every error that a person may see. `code` is stable; the sentences stand in `resources/messages/`.
 * `message` is for developers and logs, so it holds no personal data and no secret.
 */
export abstract class DeskError<Code extends string = string> extends Error {
  readonly code: Code
  readonly parameters: ErrorParameters

  constructor(code: Code, parameters: ErrorParameters = {}, options?: ErrorOptions) {
    super(`${code}${Object.keys(parameters).length > 0 ? ` ${JSON.stringify(parameters)}` : ''}`, options)
    this.name = new.target.name
    this.code = code
    this.parameters = parameters
  }
}

export const OWN_FILE_ERROR_CODES = ['own-file-missing', 'own-file-damaged', 'own-file-unreadable'] as const

/** A file that the program needs is not as the program wrote it. `file`: its name without folders. */
export class OwnFileError extends DeskError<(typeof OWN_FILE_ERROR_CODES)[number]> {}
