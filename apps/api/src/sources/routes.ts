import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import {
  sourceIdSchema,
  sourceInputSchema,
  sourcePatchSchema,
  sourceSchema,
} from '@posthorn/shared/source/schema.ts'
import { sourceOutput } from '@posthorn/shared/source/source.ts'
import { z } from 'zod'
import { visible } from '../http/dispatch.ts'
import { listParameters, listSchema, pageBy } from '../http/list.ts'
import { type Route, route } from '../http/route.ts'
import type { SourceDeps } from './deps.ts'
import { receiveRoute } from './receive.ts'
import { newSource, patchedSource } from './settings.ts'

const tag = 'Sources'
const params = z.strictObject({ id: sourceIdSchema })

export function sourceRoutes(deps: SourceDeps): Route[] {
  return [
    listSources(deps),
    createSource(deps),
    readSource(deps),
    patchSource(deps),
    deleteSource(deps),
    receiveRoute(deps),
  ]
}

function listSources({ store, cursors }: SourceDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/sources',
    summary: 'List sources',
    tag,
    role: 'viewer',
    query: z.strictObject({ ...listParameters, tenant: tenantSchema.optional() }),
    responses: { 200: { description: 'Newest first', schema: listSchema(sourceSchema) } },
    handle: async (context) => {
      const tenant = context.tenantFilter(context.query.tenant)
      const scope = `sources ${tenant ?? ''}`
      const read = (page: { before?: string | undefined; limit: number }) =>
        store.list({ ...page, tenant })
      return await pageBy({ ...context.query, scope, cursors }, read, sourceOutput)
    },
  })
}

function createSource({ store, vault, now }: SourceDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/sources',
    summary: 'Create a source',
    description:
      "Somebody else's webhooks, posted to its `path`, become events: verified, taken once, and delivered to every webhook that subscribes to their type.",
    tag,
    role: 'admin',
    body: sourceInputSchema,
    bodyExample: { name: 'sign-in', type: 'logto', secrets: ['the signing key of its webhook'] },
    responses: { 201: { description: 'Created', schema: sourceSchema } },
    handle: async (context) => {
      const tenant = context.tenantOf(context.body.tenant)
      const source = newSource(context.body, tenant, vault, now())
      await store.create(source)
      return { status: 201, body: sourceOutput(source) }
    },
  })
}

function readSource({ store }: SourceDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/sources/:id',
    summary: 'Read a source',
    tag,
    role: 'viewer',
    params,
    responses: { 200: { description: 'The source', schema: sourceSchema } },
    handle: async (context) => ({
      status: 200,
      body: sourceOutput(visible(await store.get(context.params.id), context)),
    }),
  })
}

function patchSource({ store, vault, now }: SourceDeps): Route {
  return route({
    method: 'PATCH',
    path: '/v1/sources/:id',
    summary: 'Change a source',
    description: 'Holds for every request that arrives after the answer.',
    tag,
    role: 'admin',
    params,
    body: sourcePatchSchema,
    bodyExample: { secrets: ['the new signing key', '***'] },
    responses: { 200: { description: 'As it is now', schema: sourceSchema } },
    problems: ['too_much_contention', 'stored_value_unreadable'],
    handle: async (context) => {
      const { id } = visible(await store.get(context.params.id), context)
      const changed = await store.update(id, (current) =>
        patchedSource(current, context.body, vault, now()),
      )
      if (!changed) throw new ProblemError('not_found')
      return { status: 200, body: sourceOutput(changed) }
    },
  })
}

function deleteSource({ store }: SourceDeps): Route {
  return route({
    method: 'DELETE',
    path: '/v1/sources/:id',
    summary: 'Delete a source',
    description: 'Its path answers 404. What it has taken is delivered.',
    tag,
    role: 'admin',
    params,
    responses: { 204: { description: 'Deleted' } },
    handle: async (context) => {
      const source = visible(await store.get(context.params.id), context)
      if (!(await store.remove(source))) throw new ProblemError('not_found')
      return { status: 204 }
    },
  })
}
