import { VERSION } from '@posthorn/shared/attempt/version.ts'
import { PROBLEMS, type ProblemCode } from '@posthorn/shared/error/catalogue.ts'
import { ProblemError, problemBody, problemSchema } from '@posthorn/shared/error/problem.ts'
import type { Route } from '../http/route.ts'
import { SchemaCollector } from './openapi-schemas.ts'

type Json = Record<string, unknown>

const DESCRIPTION = `Webhook delivery on Redis. Publish events; Posthorn delivers each to every webhook
that subscribes to its type, signed after [Standard Webhooks](https://www.standardwebhooks.com), and
repeats until it arrives or stands in the dead letters.

Errors are RFC 9457 problems with a permanent \`code\`. Lists answer \`data\` and \`next\`; send \`next\`
back as \`cursor\`. Times are RFC 3339 UTC with milliseconds.`

/** The OpenAPI 3.1 document of the routes, made from the very schemas that validate. */
export function openApiDocument(routes: readonly Route[]): Json {
  const schemas = new SchemaCollector()
  const problem = schemas.convert(problemSchema, 'output')
  const paths: Record<string, Json> = {}
  for (const route of routes.filter(({ hidden }) => !hidden)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: operation(route, schemas, problem),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Posthorn',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.filter(({ hidden }) => !hidden).map(({ tag }) => tag))].map(
      (name) => ({
        name,
      }),
    ),
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        ApiKey: { type: 'http', scheme: 'bearer', description: 'The root key or an API key' },
        PortalToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'What `POST /v1/portal-links` answers, for the routes that say so',
        },
        Session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-posthorn',
          description:
            'The session of a signed-in browser. What changes something must come from a page of the same origin.',
        },
      },
    },
  }
}

const NEEDS = {
  any: 'Needs a key of any role.',
  admin: 'Needs the role `admin`.',
  publisher: 'Needs the role `publisher`.',
  viewer: 'Needs the role `viewer`.',
} as const

function operation(route: Route, schemas: SchemaCollector, problem: Json): Json {
  const publicly = route.role === 'public'
  const role = publicly ? '' : NEEDS[route.role]
  const portal = route.portal ? "Also for a portal's token, within its tenant." : ''
  return {
    operationId: operationId(route),
    summary: route.summary,
    description: [route.description, role, portal].filter(Boolean).join('\n\n'),
    tags: [route.tag],
    security: publicly ? [] : securityOf(route),
    parameters: parameters(route, schemas),
    ...(route.body ? { requestBody: requestBody(route, schemas) } : {}),
    responses: { ...answers(route, schemas), ...problemAnswers(route, problem) },
  }
}

const securityOf = ({ portal }: Route) => [
  { ApiKey: [] },
  { Session: [] },
  ...(portal ? [{ PortalToken: [] }] : []),
]

/** `POST /v1/webhooks/:id/rotate-secret` → `postWebhooksByIdRotateSecret`. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/v1/, '')
    .replaceAll(/:(\w+)/g, 'by-$1')
    .split(/[/.-]/)
    .filter(Boolean)
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('')
}

function parameters(route: Route, schemas: SchemaCollector): Json[] {
  const group = (place: 'path' | 'query' | 'header', schema: Route['params']) => {
    if (!schema) return []
    const { properties = {}, required = [] } = schemas.convert(schema, 'input') as {
      properties?: Record<string, Json>
      required?: string[]
    }
    return Object.entries(properties).map(([name, { description, ...rest }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }))
  }
  return [
    ...group('path', route.params),
    ...group('query', route.query),
    ...group('header', route.headers),
  ]
}

function requestBody(route: Route, schemas: SchemaCollector): Json {
  const schema = schemas.convert(route.body as NonNullable<Route['body']>, 'input')
  const example = route.bodyExample === undefined ? {} : { example: route.bodyExample }
  const content: Json = { 'application/json': { schema, ...example } }
  for (const type of route.bodyMediaTypes ?? []) content[type] = { schema: { type: 'string' } }
  return { required: !route.optionalBody, content }
}

function answers(route: Route, schemas: SchemaCollector): Json {
  const entries = Object.entries(route.responses).map(([status, answer]) => {
    const { description, schema, mediaType = 'application/json', example } = answer
    const media = {
      ...(schema ? { schema: schemas.convert(schema, 'output') } : {}),
      ...(example === undefined ? {} : { example }),
    }
    const hasContent = schema !== undefined || answer.mediaType !== undefined
    return [status, { description, ...(hasContent ? { content: { [mediaType]: media } } : {}) }]
  })
  return Object.fromEntries(entries)
}

/** Problems by status; those that follow from what the route declares need not be named by it. */
function problemAnswers(route: Route, schema: Json): Json {
  const byStatus = Map.groupBy(problemsOf(route), (code) => PROBLEMS[code].status)
  const entries = [...byStatus].map(([status, codes]) => {
    const examples = codes.map((code) => [
      code,
      { value: problemBody(new ProblemError(code), 'req_5f0c2a') },
    ])
    const description = codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. ')
    const content = {
      'application/problem+json': { schema, examples: Object.fromEntries(examples) },
    }
    return [status, { description, content }]
  })
  return Object.fromEntries(entries)
}

function problemsOf(route: Route): ProblemCode[] {
  if (route.role === 'public') return [...(route.problems ?? [])]
  const codes = new Set<ProblemCode>([
    'unauthenticated',
    'forbidden',
    'invalid_query', // Each parameter that a route does not know is refused.
    'redis_unavailable',
    'internal',
  ])
  if (route.method !== 'GET') codes.add('cross_site_request')
  if (route.params) codes.add('not_found').add('malformed_request')
  if (route.query) codes.add('foreign_tenant')
  if (route.body) {
    for (const code of BODY_PROBLEMS) codes.add(code)
  }
  for (const code of route.problems ?? []) codes.add(code)
  return [...codes]
}

const BODY_PROBLEMS = [
  'malformed_json',
  'payload_too_large',
  'unsupported_media_type',
  'invalid_input',
  'foreign_tenant',
] as const
