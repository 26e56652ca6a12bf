import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { maskedHeaders } from '@posthorn/shared/attempt/request.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import type { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { z } from 'zod'
import { type RawBody, type Route, type RouteResult, rawRoute } from '../http/route.ts'
import { STATUS, Waiting } from './answer.ts'
import { signatureFault } from './genuine.ts'
import type { TestReceiverMemory } from './received.ts'

export interface TestReceiverDeps {
  readonly memory: TestReceiverMemory
  readonly registry: Pick<WebhookRegistry, 'current'>
  readonly maxEventBytes: number
  readonly now: () => number
  /** Aborts when the process is to end. */
  readonly stopping: AbortSignal
}

/** What a format puts around `data`. */
const ENVELOPE_BYTES = 64 * 1_024

export const receiverPath = (tenant: string) => `/dev/receiver/${tenant}`

/**
 * Takes what the tenant's webhooks send here. Anyone on the network can reach it as they can the rest of
 * the API, so only who has signed gets more than a refusal: nobody else makes it wait, and where no
 * webhook leads here nothing is kept.
 */
export function receiveTestRoute(deps: TestReceiverDeps): Route {
  const waiting = new Waiting()
  return rawRoute({
    method: 'POST',
    path: receiverPath(':tenant'),
    summary: 'The test receiver',
    tag: 'Development',
    role: 'public',
    hidden: true,
    params: z.strictObject({ tenant: tenantSchema }),
    body: z.unknown(),
    maxBodyBytes: deps.maxEventBytes + ENVELOPE_BYTES,
    responses: { 200: { description: 'Received' } },
    handle: async ({ params: { tenant }, body, signal }) => {
      const senders = await sendersOf(deps, tenant)
      if (senders.length === 0) throw new ProblemError('not_found')
      const fault = faultOf(senders, body, deps.now())
      const answer = deps.memory.answerOf(tenant)
      const answered = fault === undefined ? STATUS[answer] : 401
      const shown = { ...headersOf(body), at: new Date(deps.now()).toISOString(), answered }
      deps.memory.keep(tenant, { ...shown, ...(fault && { fault }) }, body.bytes)
      if (fault !== undefined) return said(401, `signature: ${fault}`)
      const inTime = await waiting.for(answer, AbortSignal.any([signal, deps.stopping]))
      return inTime ? said(answered ?? 503, answer) : said(503, 'too many wait')
    },
  })
}

const said = (status: number, result: string): RouteResult => ({ status, body: { result } })

/** The webhooks that lead here, at whatever name and port. */
export async function sendersOf(
  { registry }: Pick<TestReceiverDeps, 'registry'>,
  tenant: string,
): Promise<CompiledWebhook[]> {
  const webhooks = await registry.current(tenant)
  return [...webhooks.all()].filter(({ url }) => url.path === receiverPath(tenant))
}

/** Of the webhook that the request fits best. */
function faultOf(senders: readonly CompiledWebhook[], body: RawBody, nowMs: number) {
  const faults = senders.map((webhook) => signatureFault(webhook, body, nowMs))
  return faults.includes(undefined) ? undefined : faults[0]
}

function headersOf({ headers }: RawBody) {
  const pairs = Object.entries(headers).flatMap(([name, value]) => [name, String(value)])
  return { headers: Object.fromEntries(maskedHeaders(pairs)) }
}
