import { queryOptions } from '@tanstack/react-query'
import { answered } from './problem.ts'
import { queries } from './queries.ts'
import { createWebhook, webhooksKey } from './webhooks.ts'

// Beside the public API, and there only while Posthorn is tried out (`POSTHORN_TEST_RECEIVER`).

export type ReceiverAnswer = 'succeed' | 'fail' | 'slow' | 'hang'

export interface ReceivedRequest {
  readonly at: string
  /** Absent: its signature fits. */
  readonly fault?: string
  /** null: no answer at all. */
  readonly answered: number | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface TestReceiver {
  readonly tenant: string
  readonly url: string
  /** Those that lead to it. */
  readonly webhooks: readonly string[]
  readonly answer: ReceiverAnswer
  readonly received: readonly ReceivedRequest[]
}

const PATH = '/dev/receiver'
/** Long enough for what is slow, short enough for what hangs to be given up within a minute. */
const TIMEOUT_MS = 4_000
/** Three attempts within five seconds: whoever looks sees retries and a dead letter happen. */
const RETRIES = { type: 'schedule' as const, delaysSeconds: [1, 3], jitter: 0 }

const keyFor = (tenant: string | undefined) => ['test-receiver', tenant] as const

export function testReceiver(tenant: string | undefined) {
  const query = tenant ? `?${new URLSearchParams({ tenant })}` : ''
  return queryOptions({
    queryKey: keyFor(tenant),
    queryFn: ({ signal }) => answered(call<TestReceiver>(PATH + query, { signal })),
    refetchInterval: 1_000,
  })
}

export async function tellReceiver(tenant: string | undefined, answer: ReceiverAnswer) {
  const body = JSON.stringify(tenant ? { tenant, answer } : { answer })
  const headers = { 'content-type': 'application/json' }
  await answered(call(PATH, { method: 'PATCH', headers, body }))
  await queries.invalidateQueries({ queryKey: keyFor(tenant) })
}

/** A webhook that leads to the receiver; one that there is already will do. */
export async function connectReceiver(tenant: string | undefined): Promise<void> {
  const { url, webhooks, ...of } = await queries.fetchQuery({
    ...testReceiver(tenant),
    staleTime: 0,
  })
  if (webhooks.length > 0) return
  await createWebhook({
    url,
    tenant: of.tenant,
    name: 'Test receiver',
    eventTypes: ['*'],
    timeoutMs: TIMEOUT_MS,
    retryPolicy: RETRIES,
  })
  await queries.invalidateQueries({ queryKey: webhooksKey })
  await queries.invalidateQueries({ queryKey: keyFor(tenant) })
}

async function call<Data>(path: string, init: RequestInit) {
  const response = await fetch(path, init)
  const body = await response.json()
  return response.ok ? { response, data: body as Data } : { response, error: body as unknown }
}
