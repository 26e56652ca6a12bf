import { setTimeout as wait } from 'node:timers/promises'
import {
  type ApiKey,
  apiKeyIdSchema,
  apiKeyInputSchema,
  apiKeySchema,
  createdApiKeySchema,
} from '@posthorn/shared/access/api-key.ts'
import type { ApiKeyStore } from '@posthorn/shared/access/store.ts'
import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { z } from 'zod'
import type { CursorCodec } from '../http/cursor.ts'
import { visible } from '../http/dispatch.ts'
import { listParameters, listSchema, pageBy } from '../http/list.ts'
import { type Route, route } from '../http/route.ts'
import { REVOKED_EVERYWHERE_AFTER_MS } from './key-cache.ts'

interface AccessDeps {
  readonly keys: Pick<ApiKeyStore, 'create' | 'get' | 'remove' | 'list'>
  readonly cursors: CursorCodec
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}

const tag = 'Access'

export function accessRoutes(deps: AccessDeps): Route[] {
  return [listKeys(deps), createKey(deps), deleteKey(deps)]
}

function listKeys({ keys, cursors }: AccessDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/api-keys',
    summary: 'List API keys',
    tag,
    role: 'viewer',
    query: z.strictObject({ ...listParameters, tenant: tenantSchema.optional() }),
    responses: { 200: { description: 'Newest first', schema: listSchema(apiKeySchema) } },
    handle: async (context) => {
      const tenant = context.tenantFilter(context.query.tenant)
      const scope = `api-keys ${tenant ?? ''}`
      return await pageBy({ ...context.query, scope, cursors }, (page) =>
        keys.list({ ...page, tenant }),
      )
    },
  })
}

function createKey({ keys, now }: AccessDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/api-keys',
    summary: 'Create an API key',
    description:
      "The key is shown in this answer only. A tenant's admin makes keys of its own tenant; without `tenant`, a key of all tenants makes one of all tenants.",
    tag,
    role: 'admin',
    body: apiKeyInputSchema,
    bodyExample: { name: 'sign-in service', role: 'publisher', tenant: 'acme' },
    responses: { 201: { description: 'Created', schema: createdApiKeySchema } },
    handle: async (context) => {
      const { name, role, tenant } = context.body
      const settings = settingsOf({ name, role }, context.tenantFilter(tenant), now())
      return { status: 201, body: { ...settings, key: await keys.create(settings) } }
    },
  })
}

function settingsOf(
  given: Pick<ApiKey, 'name' | 'role'>,
  tenant: string | undefined,
  nowMs: number,
): ApiKey {
  return {
    id: newId('key', nowMs),
    ...given,
    ...(tenant === undefined ? {} : { tenant }),
    createdAt: new Date(nowMs).toISOString(),
  }
}

function deleteKey({ keys }: AccessDeps): Route {
  return route({
    method: 'DELETE',
    path: '/v1/api-keys/:id',
    summary: 'Delete an API key',
    description: 'Once this is answered, no process of this installation accepts the key any more.',
    tag,
    role: 'admin',
    params: z.strictObject({ id: apiKeyIdSchema }),
    responses: { 204: { description: 'Deleted' } },
    handle: async (context) => {
      const key = visible(await keys.get(context.params.id), context)
      if (!(await keys.remove(key))) throw new ProblemError('not_found')
      await wait(REVOKED_EVERYWHERE_AFTER_MS)
      return { status: 204 }
    },
  })
}
