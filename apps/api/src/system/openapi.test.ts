import { PROBLEMS } from '@posthorn/shared/error/catalogue.ts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { accessRoutes } from '../access/routes.ts'
import { type Route, route } from '../http/route.ts'
import { webhookRoutes } from '../webhooks/routes.ts'
import { openApiDocument } from './openapi.ts'
import { systemRoutes } from './routes.ts'

// Declaring routes touches no dependency; only their handlers do.
const none = {} as never
const declared = [...webhookRoutes(none), ...accessRoutes(none)]
const routes = [...declared, ...systemRoutes(none, declared)]
interface Operation {
  security: object[]
  responses: Record<string, { content?: Record<string, { examples?: Record<string, unknown> }> }>
}
const document = openApiDocument(routes) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)))
    expect(result.errors ?? []).toEqual([])
    expect(result.valid).toBe(true)
  })

  it('holds every route that is not hidden, once, and each of its references leads somewhere', () => {
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
    expect(operations).toHaveLength(routes.filter(({ hidden }) => !hidden).length)
    const text = JSON.stringify(document)
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(name)
    }
    expect(text).not.toContain('#/$defs/')
  })

  it('asks for a key where one is needed, and nowhere else', () => {
    expect(document.paths['/v1/webhooks']?.post?.security).toEqual([
      { ApiKey: [] },
      { Session: [] },
      { PortalToken: [] },
    ])
    expect(document.paths['/v1/api-keys']?.post?.security).toEqual([
      { ApiKey: [] },
      { Session: [] },
    ])
    expect(document.paths['/healthz']?.get?.security).toEqual([])
  })

  it('says by which problems a route can end', () => {
    const responses = document.paths['/v1/webhooks']?.post?.responses ?? {}
    const codes = Object.values(responses).flatMap(({ content = {} }) =>
      Object.keys(content['application/problem+json']?.examples ?? {}),
    )
    expect(codes).toEqual(
      expect.arrayContaining([
        'unauthenticated',
        'forbidden',
        'invalid_input',
        'url_refused',
        'redis_unavailable',
      ]),
    )
    for (const code of codes) expect(PROBLEMS).toHaveProperty(code)
  })

  it('shows bodies that the route itself accepts', () => {
    for (const { body, bodyExample, method, path } of routes) {
      if (bodyExample !== undefined) {
        expect(body?.safeParse(bodyExample).error, `${method} ${path}`).toBeUndefined()
      }
    }
  })
})

it('a schema that reads differently going in and out has two names', () => {
  const shape = z.strictObject({ n: z.int().default(1) }).meta({ id: 'OpenApiTestShape' })
  const both: Route = route({
    method: 'POST',
    path: '/x',
    summary: '',
    tag: 'x',
    role: 'public',
    body: shape,
    responses: { 200: { description: '', schema: shape } },
    handle: async () => ({ status: 200 }),
  })
  const { components } = openApiDocument([both]) as unknown as {
    components: { schemas: Record<string, { required?: string[] }> }
  }
  expect(components.schemas.OpenApiTestShape?.required).toBeUndefined()
  expect(components.schemas.OpenApiTestShapeOutput?.required).toEqual(['n'])
})
