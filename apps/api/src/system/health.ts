import { scraped } from '@posthorn/shared/runtime/exposition.ts'
import { readiness } from '@posthorn/shared/system/readiness.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'

export interface HealthDeps {
  /** Why this process is not ready; empty when it is. */
  readonly reasons: () => string[]
  /** What an operator should know of although it is ready. */
  readonly warnings: () => string[]
}

const aliveSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Alive' })
const readySchema = z
  .strictObject({
    status: z.enum(['ready', 'not_ready']),
    reasons: z.array(z.string()),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Readiness' })

export function healthRoutes(deps: HealthDeps): Route[] {
  return [healthz(), readyz(deps), metrics(deps)]
}

function healthz(): Route {
  return route({
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the process is alive',
    description: 'Whatever Redis does: a restart would not mend that.',
    tag: 'Operations',
    role: 'public',
    responses: { 200: { description: 'Alive', schema: aliveSchema } },
    handle: async () => ({ status: 200, body: { status: 'ok' } }),
  })
}

function readyz({ reasons, warnings }: HealthDeps): Route {
  return route({
    method: 'GET',
    path: '/readyz',
    summary: 'Whether the process can work',
    tag: 'Operations',
    role: 'public',
    responses: {
      200: { description: 'Ready', schema: readySchema },
      503: { description: 'Not ready, and why', schema: readySchema },
    },
    handle: async () => readiness(reasons(), warnings()),
  })
}

function metrics({ reasons }: HealthDeps): Route {
  return route({
    method: 'GET',
    path: '/metrics',
    summary: 'Metrics for Prometheus',
    tag: 'Operations',
    role: 'public',
    responses: { 200: { description: 'Prometheus text format', mediaType: 'text/plain' } },
    handle: async ({ accept }) => {
      const { contentType, text } = await scraped('api', reasons().length === 0, accept)
      return { status: 200, body: text, headers: { 'content-type': contentType } }
    },
  })
}
