// Writes the client's types (packages/client/src/generated/openapi.ts) from the OpenAPI document that
// the API makes of its schemas; `--check` only compares.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AppParts, createApp } from '../apps/api/src/app.ts'
import { clientTypes } from '../packages/client/scripts/generate.ts'
import { createLogger } from '../packages/shared/src/runtime/log.ts'
import { generatedFile } from './generated-doc.ts'

/** What the API says of itself. It touches neither Redis nor anything else for that. */
async function openApiDocument(): Promise<Parameters<typeof clientTypes>[0]> {
  const parts = {
    config: {
      rootKey: 'none',
      encryptionKeys: [Buffer.alloc(32)],
      allowCidrs: [],
      trustedProxies: [],
    },
    log: createLogger('docs', { logLevel: 'silent' }),
    shards: [],
    queues: [],
  }
  const server = createServer(createApp(parts as unknown as AppParts))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/openapi.json`)
    return (await answer.json()) as Parameters<typeof clientTypes>[0]
  } finally {
    server.close()
  }
}

generatedFile(
  'packages/client/src/generated/openapi.ts',
  await clientTypes(await openApiDocument()),
)
