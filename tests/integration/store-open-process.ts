/** One of several programs that start at the same time: `node store-open-process.ts DATABASE`. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { makeStore } from '../../electron/store/store.ts'

const store = await makeStore(z.string().parse(process.argv[2]))
await store.write(writer =>
  writer
    .insertInto('office')
    .values({
      office_id: randomUUID(),
      name: 'UBND xã Mẫu',
      seal_certificate_sha256: null,
      seal_image_sha256: null,
      created_at: new Date().toISOString(),
    })
    .execute(),
)
await store.close()
process.disconnect()
