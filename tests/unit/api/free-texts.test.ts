import { expect, test } from 'vitest'
import { z } from 'zod'
import { deskRouter } from '../../../electron/api/router.ts'

const nodeSchema = z.looseObject({
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
})

/** Where a call takes any text: no pattern, no format, no list of words. */
function freeTexts(schema: unknown, at: string): readonly string[] {
  const node = nodeSchema.safeParse(schema).data
  if (!node) return []
  const isFree = ['pattern', 'format', 'enum', 'const', 'contentEncoding'].every(word => !(word in node))
  return [
    ...(node.type === 'string' && isFree ? [at] : []),
    ...Object.entries(node.properties ?? {}).flatMap(([name, each]) => freeTexts(each, `${at}.${name}`)),
    ...[node.items, node.additionalProperties].flatMap(each => freeTexts(each, `${at}[]`)),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(each => freeTexts(each, at)),
  ]
}

const procedureSchema = z.object({ _def: z.object({ inputs: z.array(z.instanceof(z.ZodType)).default([]) }) })

/**
 * Of these only uploads' names (their ending), scanners (`folder:` is refused) and modules (compared with those in use) have to do with files.
 * A file or folder that the page names is `chosenPathSchema`.
 */
test('no text that the page can send is a path: each free one is known, and for what', () => {
  const found = Object.entries(deskRouter._def.procedures).flatMap(([name, procedure]) =>
    procedureSchema
      .parse({ _def: Reflect.get(Object(procedure), '_def') })
      ._def.inputs.flatMap(input => freeTexts(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }), name)),
  )
  expect([...new Set(found)].sort()).toMatchInlineSnapshot(`
    [
      "clock.accept.reason",
      "copies.cancel.decision.number",
      "copies.list.search",
      "copies.refuse.explanation",
      "copies.returnForMending.reason",
      "copies.withdraw.reason",
      "people.add.name",
      "people.add.signerTitle[]",
      "people.change.name",
      "people.change.signerTitle[]",
      "people.rename.name",
      "people.setPassword.current",
      "people.setPassword.next",
      "requests.receive.originals[].issuer",
      "requests.receive.originals[].kind",
      "requests.receive.originals[].title",
      "requests.receive.requester.email",
      "requests.receive.requester.name",
      "requests.receive.requester.personalNumber",
      "requests.receive.requester.phone",
      "scanning.scan.profile.deviceId",
      "session.begin.password",
      "session.found.administrator",
      "session.found.name",
      "settings.changeOffice.bookSymbol",
      "settings.changeOffice.feeExemptions[].id",
      "settings.changeOffice.feeExemptions[].legalBasis",
      "settings.changeOffice.feeExemptions[].name",
      "signing.findToken.choice.module",
      "signing.findToken.choice.token",
      "signing.sign.choice.module",
      "signing.sign.choice.token",
      "signing.sign.pin",
      "tokens.changePin.module",
      "tokens.changePin.newPin",
      "tokens.changePin.pin",
      "tokens.changePin.serialNumber",
      "uploads.append.name",
      "verify.file.password",
    ]
  `)
})
