import { Command, Option } from 'commander'
import { type Desk, openDesk, thisMachine } from '../desk.ts'
import { documentsHere } from '../document-work.ts'
import { ForeignFiles } from '../foreign/foreign-files.ts'
import type { OfficeService } from '../office/service.ts'
import type { Actor, CopyView, PersonView, Role } from '../office/types.ts'
import { CliError } from './errors.ts'
import type { CommandContext } from './output.ts'
import { promptHidden, readSecret, secret } from './pin.ts'

/** Where the office's data is and who acts; every `ctdesk office` command takes it. */
export interface DeskOptions {
  readonly office: string
  readonly as?: string
  readonly passwordEnv?: string
  readonly passwordFile?: string
}

/** A command with `--office`, `--as` and where the password of who acts comes from. */
export function deskCommand(name: string, description: string): Command {
  return new Command(name)
    .exitOverride()
    .description(description)
    .addOption(
      new Option('--office <folder>', "folder of the office's data").env('CTDESK_OFFICE').makeOptionMandatory(),
    )
    .addOption(new Option('--as <person>', 'who acts: name, id, or a role that one person has').env('CTDESK_AS'))
    .option('--password-env <name>', 'environment variable that holds the password of who acts')
    .option('--password-file <path>', 'file whose first line is that password')
}

/** Opens the office for one piece of work and closes it after, whatever happens. */
export async function withDesk<T>(folder: string, work: (desk: Desk) => Promise<T>): Promise<T> {
  await using foreign = new ForeignFiles()
  const { importFile, storeRawPage, look, verify } = foreign
  const documents = { ...documentsHere, importFile, storeRawPage, look, verify }
  const desk = await openDesk(folder, { ...thisMachine, documents })
  try {
    return await work(desk)
  } finally {
    await desk.close()
  }
}

/**
 * Who acts: `--as`, else whoever alone has the role. Where a password is set it is asked for, from where the caller says or at a prompt;
 * where none is, the name is only a claim of whoever may run programs here, and the events say so (`via`).
 * @throws CliError person-not-found, password-needed, person-password-missing, cancelled; OfficeError password-wrong
 */
export async function actorOf(
  desk: Desk,
  options: DeskOptions,
  role: Role,
  { language, signal }: Pick<CommandContext, 'language' | 'signal'>,
): Promise<Actor> {
  const person = await personOf(desk, options.as ?? role)
  const actor = { officeId: desk.officeId, personId: person.id }
  if (!person.hasPassword) return { ...actor, via: 'command-line' }
  const prompt = { vi: `Mật khẩu của ${person.name}: `, en: `Password of ${person.name}: ` }[language]
  using password = secret((await givenPassword(options)) ?? (await askPassword(prompt, signal)))
  await desk.office.people.admit(actor, Buffer.from(password.bytes ?? []).toString('utf8'))
  return actor
}

async function givenPassword({ passwordEnv, passwordFile }: DeskOptions): Promise<Uint8Array | null> {
  const missing = (source: string, cause?: ErrorOptions) => new CliError('person-password-missing', { source }, cause)
  return readSecret({ variable: passwordEnv, file: passwordFile }, missing)
}

function askPassword(prompt: string, signal: AbortSignal): Promise<Uint8Array> {
  if (!process.stdin.isTTY) throw new CliError('password-needed')
  return promptHidden(prompt, signal)
}

/** An active person by id, name, or a role that nobody else has. @throws CliError person-not-found */
export async function personOf(desk: Desk, wanted: string): Promise<PersonView> {
  const people = await desk.people()
  const fits = (test: (p: PersonView) => boolean) => people.filter(p => p.active && test(p))
  const byName = fits(p => p.id === wanted || p.name.normalize('NFC') === wanted.normalize('NFC'))
  const found = byName.length > 0 ? byName : fits(p => p.roles.some(role => role === wanted))
  const [person] = found
  if (!person || found.length > 1) throw new CliError('person-not-found', { login: wanted })
  return person
}

/** Somebody of the office by id or name, active or not. @throws CliError person-not-found */
export function personNamed(people: readonly PersonView[], wanted: string): PersonView {
  const found = people.filter(p => p.id === wanted || p.name.normalize('NFC') === wanted.normalize('NFC'))
  const [person] = found
  if (!person || found.length > 1) throw new CliError('person-not-found', { login: wanted })
  return person
}

/** A copy by its id, by the end of its id, or by number and year ("12/2026"). @throws CliError argument-invalid */
export async function copyOf(office: OfficeService, actor: Actor, reference: string): Promise<CopyView> {
  const copies = await office.copies.list(actor)
  const numbered = /^(\d+)\/(\d{4})$/.exec(reference)
  const found = copies.filter(copy =>
    numbered
      ? Number(copy.certification?.number) === Number(numbered[1]) &&
        copy.certification?.date.startsWith(numbered[2] ?? '')
      : copy.id === reference || (reference.length >= 4 && copy.id.endsWith(reference)),
  )
  const [copy] = found
  if (!copy || found.length > 1)
    throw new CliError('argument-invalid', {
      name: 'COPY',
      reason: `${found.length} × ${reference}`,
    })
  return copy
}
