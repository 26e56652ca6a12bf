import type { QueueSample } from '@posthorn/shared/queue/sample.ts'
import type { WorkerBeat } from '@posthorn/shared/system/worker-beat.ts'
import { type Route, route } from '../http/route.ts'
import { escapeHtml, page } from './html.ts'

/** What the status page shows; `undefined` while Redis does not answer. */
export interface Status {
  readonly queues: readonly QueueSample[]
  readonly workers: readonly WorkerBeat[]
}

export interface StatusDeps {
  readonly status: () => Promise<Status>
  /** Why the API is not ready; empty when it is. */
  readonly reasons: () => string[]
  /** Where the API listens. */
  readonly port: number
  readonly now: () => number
}

const REFRESH = '<meta http-equiv="refresh" content="5">\n'

/** A plain page with what a newcomer needs first, where the dashboard has not been built. */
export function statusPage(deps: StatusDeps): Route {
  return route({
    method: 'GET',
    path: '/',
    summary: 'The dashboard',
    description: 'Where it has not been built: the status as a plain page.',
    tag: 'Operations',
    role: 'public',
    responses: { 200: { description: 'A page', mediaType: 'text/html' } },
    handle: async () => {
      const status = await deps.status().catch(() => undefined)
      const parts = [
        '<h1>Posthorn</h1>',
        health(deps.reasons()),
        LINKS,
        status ? queueTable(status.queues) + workerTable(status.workers, deps.now()) : '',
        firstSteps(deps.port),
        HINT,
      ]
      return page('Posthorn', parts.join('\n'), REFRESH)
    },
  })
}

function health(reasons: readonly string[]): string {
  if (reasons.length === 0) return '<p class="good">Ready.</p>'
  return reasons.map((reason) => `<p class="bad">${escapeHtml(reason)}</p>`).join('\n')
}

const LINKS = `<p><a href="/docs">API documentation</a> · <a href="/openapi.json">OpenAPI</a> ·
<a href="/metrics">Metrics</a> · <a href="/readyz">Readiness</a></p>`

const HINT = `<p>The dashboard takes the place of this page once it is built:
<code>npx pnpm --filter @posthorn/dashboard build</code></p>`

const cell = (value: string | number) =>
  typeof value === 'number'
    ? `<td class="number">${value.toLocaleString('en')}</td>`
    : `<td>${escapeHtml(value)}</td>`

const row = (...values: (string | number)[]) => `<tr>${values.map(cell).join('')}</tr>`

function table(title: string, heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((text, i) => `<th${i === 0 ? '' : ' class="number"'}>${text}</th>`)
  return `<h2>${title}</h2>
<table><tr>${head.join('')}</tr>
${rows.join('\n')}
</table>`
}

function queueTable(samples: readonly QueueSample[]): string {
  const rows = [...Map.groupBy(samples, ({ queue }) => queue)].map(([queue, ofQueue]) => {
    const sum = (state: keyof QueueSample['jobs']) =>
      ofQueue.reduce((total, { jobs }) => total + jobs[state], 0)
    const oldestMs = Math.max(...ofQueue.map(({ oldestWaitingMs }) => oldestWaitingMs))
    return row(queue, sum('waiting'), sum('active'), sum('delayed'), Math.round(oldestMs / 1_000))
  })
  return table('Queues', ['queue', 'waiting', 'active', 'delayed', 'oldest waits, s'], rows)
}

function workerTable(workers: readonly WorkerBeat[], nowMs: number): string {
  if (workers.length === 0) return '<h2>Workers</h2>\n<p class="bad">No worker is running.</p>'
  const rows = workers.map(({ host, pid, inFlight, startedMs }) =>
    row(`${host} (${pid})`, inFlight, Math.max(0, Math.round((nowMs - startedMs) / 60_000))),
  )
  return table('Workers', ['worker', 'attempts in the air', 'up, min'], rows)
}

function firstSteps(port: number): string {
  const request = (path: string, body: object) =>
    `curl -s http://localhost:${port}${path} \\
  -H "authorization: Bearer $POSTHORN_ROOT_KEY" -H 'content-type: application/json' \\
  -d '${JSON.stringify(body)}'`
  const subscribe = { url: 'https://example.com/hooks', eventTypes: ['user.*'] }
  const publish = { type: 'user.created', data: { id: 'u_1' } }
  return `<h2>First steps</h2>
<p>Subscribe a service, then publish an event:</p>
<pre><code>${escapeHtml(request('/v1/webhooks', subscribe))}

${escapeHtml(request('/v1/events', publish))}</code></pre>`
}
