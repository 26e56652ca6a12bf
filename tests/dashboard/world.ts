import type { Posthorn } from '../harness/posthorn.ts'
import type { Endpoint } from '../harness/receiver.ts'
import type { NewWebhook } from '../harness/shapes.ts'
import { schedule, type Tenant } from '../harness/tenant.ts'

/** What the pages show: some of everything, all of it really sent. */
export interface World {
  readonly tenant: Tenant
  /** Answers 200. */
  readonly crm: NewWebhook
  /** Answers 500, and gives up after the second attempt. */
  readonly billing: NewWebhook
  readonly billingEndpoint: Endpoint
  /** Paused: its deliveries are parked. */
  readonly search: NewWebhook
  /** Delivered to the CRM, dead at billing, parked at search. */
  readonly event: string
  readonly delivered: string
  readonly dead: string
  /** Has tried the test receiver: one delivered, one dead. */
  readonly trial: Tenant
}

const TYPES = ['user.created', 'user.deleted', 'invoice.paid', 'invoice.overdue']
const EVENTS = 12

export async function makeWorld(posthorn: Posthorn): Promise<World> {
  const receiver = await posthorn.receiver()
  const tenant = posthorn.tenant('acme')
  const json = { 'content-type': 'application/json' }
  const ok = receiver.endpoint({ headers: json, body: '{"received":true}' }, 'crm')
  const billingEndpoint = receiver.endpoint(
    { status: 500, headers: json, body: '{"error":"database is locked","code":1.0}' },
    'billing',
  )
  const crm = await tenant.webhook({ url: ok.url, name: 'CRM', eventTypes: ['*'] })
  const billing = await tenant.webhook({
    url: billingEndpoint.url,
    name: 'Billing',
    eventTypes: ['user.*', 'invoice.*'],
    retryPolicy: schedule(0.1),
    circuitBreaker: { enabled: false },
  })
  const search = await tenant.webhook({
    url: receiver.endpoint(200, 'search').url,
    name: 'Search index',
    eventTypes: ['user.created'],
  })
  await tenant.act(search.id, 'pause')
  const events: string[] = []
  for (let n = 0; n < EVENTS; n += 1) {
    const data = { id: `u_${n}`, name: 'Ada', amount: 12_000 + n, plan: { seats: 5, yearly: true } }
    const published = await tenant.publish({ type: TYPES[n % TYPES.length] ?? '', data })
    events.push(published.id)
  }
  await tenant.deadLetters(EVENTS)
  const event = events[0] ?? ''
  const { deliveries } = await tenant.event(event)
  const of = (webhook: NewWebhook) =>
    deliveries.find((each) => each.webhook === webhook.id)?.id ?? ''
  return {
    ...{ tenant, crm, billing, billingEndpoint, search, event },
    delivered: of(crm),
    dead: of(billing),
    trial: await tryReceiver(posthorn),
  }
}

async function tryReceiver(posthorn: Posthorn): Promise<Tenant> {
  const trial = posthorn.tenant('trial')
  const path = '/dev/receiver'
  const { url } = await trial.client.get<{ url: string }>(path, { tenant: trial.name })
  await trial.webhook({ url, name: 'Test receiver', retryPolicy: schedule(0.1, 0.1) })
  const data = { id: 'u_1', name: 'Ada' }
  const { id } = await trial.publish({ type: 'user.created', data })
  await trial.only(id, 'delivered')
  await trial.client.need(200, 'PATCH', path, { body: { tenant: trial.name, answer: 'fail' } })
  await trial.publish({ type: 'user.created', data })
  await trial.deadLetters(1)
  return trial
}
