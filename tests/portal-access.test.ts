import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { callRoute, nothingOf, thingsOf } from './harness/route-call.ts'
import { ROUTES, type RouteRow, type Things } from './harness/route-table.ts'
import type { Tenant } from './harness/tenant.ts'

let posthorn: Posthorn
let receiver: Receiver
let own: Tenant
let foreign: Tenant
let ownThings: Things
let foreignThings: Things

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
  own = posthorn.tenant('own')
  foreign = posthorn.tenant('foreign')
  ownThings = await ownThingsOf(own)
  foreignThings = await ownThingsOf(foreign)
})
afterAll(() => posthorn?.stop())

async function tokenOf(tenant: Tenant): Promise<string> {
  const body = { tenant: tenant.name }
  const { token } = await tenant.client.post<{ token: string }>(201, '/v1/portal-links', body)
  posthorn.secrets.add(token)
  return token
}

/** With a task that a portal's visitor could have started: it sees no others. */
async function ownThingsOf(tenant: Tenant): Promise<Things> {
  const things = await thingsOf(tenant, receiver)
  const path = `/v1/webhooks/${things.webhook}/replay`
  const body = { since: '2026-01-01T00:00:00Z', only: 'failed' }
  const { id: task } = await tenant.client.post<{ id: string }>(202, path, body)
  return { ...things, task }
}

const named = (rows: readonly RouteRow[]) =>
  rows.map((row): [string, RouteRow] => [`${row.method} ${row.path}`, row])
const allowed = named(ROUTES.filter(({ portal }) => portal))
const refused = named(ROUTES.filter(({ portal }) => !portal))

describe("a portal's token", () => {
  test.each(refused)(
    'is refused with 403 by %s, its own things too, before anything is looked at',
    async (_name, row) => {
      const token = await tokenOf(own)
      for (const things of [ownThings, foreignThings, nothingOf(ownThings)]) {
        const answer = await callRoute(own.client, row, { things }, token)
        expect(faultsOfProblem(answer, 403)).toEqual([])
        expect(answer.body).toMatchObject({ code: 'forbidden' })
      }
    },
  )

  test.each(allowed)(
    'finds nothing of another tenant by %s, and may not name it',
    async (_name, row) => {
      const token = await tokenOf(own)
      if (row.id !== undefined) {
        for (const things of [foreignThings, nothingOf(ownThings)]) {
          const answer = await callRoute(own.client, row, { things }, token)
          expect(faultsOfProblem(answer, 404)).toEqual([])
        }
      }
      if (row.tenantIn !== undefined) {
        const naming = { things: ownThings, tenant: foreign.name }
        const answer = await callRoute(own.client, row, naming, token)
        expect(faultsOfProblem(answer, 403)).toEqual([])
      }
    },
  )

  test.each(allowed)('may use %s for its own tenant', async (_name, row) => {
    const tenant = row.destroys ? posthorn.tenant('spent') : own
    const things = row.destroys ? await ownThingsOf(tenant) : ownThings
    // What another tenant has must not hide behind what a list shows.
    const answer = await callRoute(own.client, row, { things }, await tokenOf(tenant))
    // The replay of a tenant without dead letters has ended before it could be cancelled.
    expect(row.path.startsWith('/v1/tasks/') ? [200, 409] : [row.status], answer.text).toContain(
      answer.status,
    )
    for (const told of Object.values(foreignThings)) expect(answer.text).not.toContain(told)
  })

  test('sees no task but replays', async () => {
    const body = { webhook: ownThings.webhook, reason: 'gone' }
    const path = '/v1/dead-letters/redrive'
    const { id } = await own.client.post<{ id: string }>(202, path, body)
    const key = await tokenOf(own)
    await own.client.need(404, 'GET', `/v1/tasks/${id}`, { key })
    await own.client.need(404, 'POST', `/v1/tasks/${id}/cancel`, { key })
  })
})
