import { explain } from '../messages.ts'
import type { ErrorNotice } from './contract/common.ts'
import {
  addPersonSchema,
  changePersonSchema,
  type OfficeItem,
  officeNameSchema,
  sealCertificateSchema,
  sealSchema,
  signatureImageSchema,
} from './contract/people.ts'
import { setPasswordSchema } from './contract/session.ts'
import { given } from './given.ts'
import { personItem } from './items.ts'
import { personProcedure, router } from './procedures.ts'
import { sealProblem } from './seal-problem.ts'

/** Accounts, marks and the seal. The office asks for the role admin where it changes anything. */
export const peopleRouter = router({
  list: personProcedure.query(async ({ ctx }) => (await ctx.desk.office.people.list(ctx.actor)).map(personItem)),

  add: personProcedure
    .input(addPersonSchema)
    .mutation(async ({ ctx, input }) => personItem(await ctx.desk.office.people.add(ctx.actor, input))),

  change: personProcedure
    .input(changePersonSchema)
    .mutation(async ({ ctx, input: { personId, ...change } }) =>
      personItem(await ctx.desk.office.people.change(ctx.actor, personId, given(change))),
    ),

  setPassword: personProcedure
    .input(setPasswordSchema)
    .mutation(async ({ ctx, input: { personId, ...password } }) =>
      personItem(await ctx.desk.office.people.setPassword(ctx.actor, personId, password)),
    ),

  setSignatureImage: personProcedure
    .input(signatureImageSchema)
    .mutation(async ({ ctx, input }) =>
      personItem(
        await ctx.desk.office.people.setSignatureImage(ctx.actor, input.personId, Buffer.from(input.png, 'base64')),
      ),
    ),

  office: personProcedure.query(({ ctx }): Promise<OfficeItem> => ctx.desk.office.people.office(ctx.actor)),

  rename: personProcedure
    .input(officeNameSchema)
    .mutation(({ ctx, input }): Promise<OfficeItem> => ctx.desk.office.people.rename(ctx.actor, input.name)),

  /** What speaks against sealing with a certificate, before it is kept; null where nothing does, or its token is not plugged in. */
  sealProblem: personProcedure
    .input(sealCertificateSchema)
    .query(async ({ ctx: { desk, actor, host }, input }): Promise<ErrorNotice | null> => {
      const problem = await sealProblem(desk, actor, input.certificateSha256)
      return problem && explain(problem, host.language())
    }),

  setSeal: personProcedure.input(sealSchema).mutation(
    ({ ctx, input: { certificateSha256, png } }): Promise<OfficeItem> =>
      ctx.desk.office.people.setSeal(ctx.actor, {
        certificateSha256,
        ...(png === undefined ? {} : { png: png === null ? null : Buffer.from(png, 'base64') }),
      }),
  ),
})
