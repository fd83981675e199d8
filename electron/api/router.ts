import { archiveRouter } from './archive.ts'
import { backupRouter } from './backup.ts'
import { clockRouter } from './clock.ts'
import { copiesRouter } from './copies.ts'
import { deliveryRouter } from './delivery.ts'
import { diagnosticsRouter } from './diagnostics.ts'
import { jobsRouter } from './jobs.ts'
import { journalRouter } from './journal.ts'
import { peopleRouter } from './people.ts'
import { practiceRouter } from './practice.ts'
import { router } from './procedures.ts'
import { registerRouter } from './register.ts'
import { requestsRouter } from './requests.ts'
import { scanningRouter } from './scanning.ts'
import { sessionRouter } from './session.ts'
import { settingsRouter } from './settings.ts'
import { signingRouter } from './signing.ts'
import { tokensRouter } from './tokens.ts'
import { uploadsRouter } from './uploads.ts'
import { verifyRouter } from './verify.ts'

/** Every call the page can make: over IPC in the desktop program, over HTTPS to an office server. A new subject is a new line here. */
export const deskRouter = router({
  session: sessionRouter,
  people: peopleRouter,
  requests: requestsRouter,
  copies: copiesRouter,
  scanning: scanningRouter,
  uploads: uploadsRouter,
  signing: signingRouter,
  tokens: tokensRouter,
  register: registerRouter,
  archive: archiveRouter,
  clock: clockRouter,
  journal: journalRouter,
  delivery: deliveryRouter,
  verify: verifyRouter,
  settings: settingsRouter,
  backup: backupRouter,
  diagnostics: diagnosticsRouter,
  practice: practiceRouter,
  jobs: jobsRouter,
})

/** The page imports this as a type only. */
export type DeskRouter = typeof deskRouter
