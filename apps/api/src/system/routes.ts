import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { docsRoutes } from './docs-page.ts'
import { type HealthDeps, healthRoutes } from './health.ts'
import { openApiDocument } from './openapi.ts'
import { problemPage } from './problem-page.ts'
import { type StatusDeps, statusPage } from './status-page.ts'

/**
 * What needs no key, and the documentation of it all: `routes` are the others, which the OpenAPI
 * document describes together with these.
 */
export function systemRoutes(deps: HealthDeps & StatusDeps, routes: readonly Route[]): Route[] {
  const own = [statusPage(deps), ...healthRoutes(deps), ...docsRoutes(), problemPage()]
  const document = openApi(() => [...routes, ...own, document])
  return [...own, document]
}

function openApi(routes: () => readonly Route[]): Route {
  let text: string | undefined
  return route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    tag: 'Operations',
    role: 'public',
    responses: { 200: { description: 'The document', schema: z.looseObject({}) } },
    handle: async () => {
      text ??= JSON.stringify(openApiDocument(routes()))
      return { status: 200, body: text, headers: { 'content-type': 'application/json' } }
    },
  })
}
