import fc from 'fast-check'
import { Agent } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Documented } from './harness/documented.ts'
import { type FuzzRequest, RequestMaker } from './harness/fuzz-request.ts'
import type { Schema } from './harness/fuzz-values.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Tenant } from './harness/tenant.ts'

// Generated requests to every operation of the API's own OpenAPI document. A failure prints the
// request, made as small as it can be, and the seed for POSTHORN_FUZZ_SEED.

/** Requests to each operation; more for a longer look. */
const RUNS = Number(process.env.POSTHORN_FUZZ_RUNS ?? 60)
const SEED = Number(process.env.POSTHORN_FUZZ_SEED ?? Date.now() % 2 ** 31)
const LIMIT_MS = RUNS * 1_000
/** Each operation has its turn several times, to meet what the others have made. */
const ROUNDS = 3
/** How many ids of a kind, and cursors, are remembered. */
const KEPT = 30

let posthorn: Posthorn
let agent: Agent
let documented: Documented
let maker: RequestMaker
let calm: Tenant
const pool = { ids: ['x'], tenants: ['a', 'b', 'default'], cursors: ['x'], keys: [''], url: '' }
const ids = new Map<string, string[]>()
const statuses = new Map<number, number>()

beforeAll(async () => {
  posthorn = await startPosthorn()
  agent = new Agent({ connections: 8 })
  const client = posthorn.client()
  documented = new Documented(await client.get('/openapi.json'))
  maker = new RequestMaker((reference) => documented.resolve(reference) as Schema, pool)
  calm = posthorn.tenant('calm')
  pool.url = (await posthorn.receiver()).endpoint((_arrival, nth) => (nth === 1 ? 500 : 200)).url
  const keys = []
  for (const [role, tenant] of [['admin', 'a'], ['admin', 'b'], ['viewer'], ['publisher', 'a']]) {
    const { key } = await client.post<{ key: string }>(201, '/v1/api-keys', {
      name: 'fuzz',
      role,
      ...(tenant !== undefined && { tenant }),
    })
    keys.push(`Bearer ${key}`)
  }
  pool.keys = [`Bearer ${posthorn.key}`, ...keys, '', 'Bearer', 'Basic eDp5', 'Bearer x']
})
afterAll(async () => {
  await agent?.close()
  await posthorn?.stop()
})

/** Sends it as it is: no client mends its path. */
async function send(request: FuzzRequest) {
  const answer = await agent.request({
    ...request,
    method: request.method as 'GET',
    origin: posthorn.url,
  })
  const contentType = String(answer.headers['content-type'] ?? '')
  const endless = contentType.startsWith('text/event-stream')
  if (endless) answer.body.on('error', () => {}).destroy()
  const text = endless ? '' : await answer.body.text()
  remember(text)
  statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
  return { status: answer.statusCode, contentType, text }
}

/** Ids and cursors of answers are what later requests name. */
function remember(text: string): void {
  const found = [...text.matchAll(/"((evt|wh|key|src|task|dlv)_[\w-]{16,})"/g)].slice(0, 5)
  for (const [, id = '', kind = ''] of found) {
    const others = (ids.get(kind) ?? []).filter((other) => other !== id)
    ids.set(kind, [id, ...others].slice(0, KEPT))
  }
  pool.ids = ['x', ...[...ids.values()].flat()]
  const cursor = /"next":"([^"]+)"/.exec(text)?.[1]
  if (cursor !== undefined) pool.cursors = [cursor, ...pool.cursors].slice(0, KEPT)
}

/** In full: an assertion's message would be cut. */
function complain(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('; '))
}

test(
  'each answer of each operation is one that its documentation holds, whatever was asked',
  async () => {
    const failures: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (const { method, path, operation } of documented.operations) {
        const property = fc.asyncProperty(maker.of(method, path, operation), async (request) => {
          complain(documented.faults(method, path, await send(request)))
        })
        const numRuns = Math.ceil(RUNS / ROUNDS)
        const run = await fc.check(property, { numRuns, seed: SEED + round })
        if (!run.failed) continue
        const report = `${fc.defaultReportMessage(run)}\n${run.errorInstance}`
        failures.push(`${method} ${path} (seed ${SEED})\n${report}`)
      }
    }
    expect(failures.join('\n\n')).toBe('')
  },
  LIMIT_MS,
)

test(
  'whatever is asked of any path in any method, the answer is none or a problem',
  async () => {
    const paths = documented.operations.map(({ path }) => path)
    const property = fc.asyncProperty(maker.anywhere(paths), async (request) => {
      complain(documented.faultsOfProblem(await send(request)))
    })
    await fc.assert(property, { numRuns: RUNS * 5, seed: SEED })
  },
  LIMIT_MS,
)

describe('after all that', () => {
  test('requests had been of every kind, so that the checks above saw something', () => {
    for (const status of [200, 201, 202, 204, 400, 401, 403, 404, 405, 415, 422]) {
      expect(statuses.get(status) ?? 0, `answers of ${status}`).toBeGreaterThan(0)
    }
  })

  test('an event that is published is delivered', async () => {
    const endpoint = (await posthorn.receiver()).endpoint()
    await calm.webhook({ url: endpoint.url })
    const { id } = await calm.publish({ data: { calm: true } })
    await endpoint.arrival(id)
    await calm.finished(id)
    expect(posthorn.services.every(({ running }) => running)).toBe(true)
  })
})
