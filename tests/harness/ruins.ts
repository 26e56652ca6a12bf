import type { Posthorn } from './posthorn.ts'
import type { Endpoint } from './receiver.ts'
import type { DeadLetter, NewWebhook } from './shapes.ts'
import { schedule, type Tenant } from './tenant.ts'
import { inParallel, upTo } from './wait.ts'

export interface Ruins {
  readonly shop: Tenant
  readonly at: Endpoint
  readonly hook: NewWebhook
  readonly letters: DeadLetter[]
}

/** A tenant with `count` dead letters of one webhook, of the types a.even and a.odd in turn. */
export async function ruins(posthorn: Posthorn, about: string, count: number): Promise<Ruins> {
  const shop = posthorn.tenant(about)
  const at = (await posthorn.receiver()).endpoint(500)
  const hook = await shop.webhook({ url: at.url, retryPolicy: schedule() })
  const types = upTo(count).map((n) => (n % 2 === 0 ? 'a.even' : 'a.odd'))
  await inParallel(types, 16, (type) => shop.publish({ type }))
  return { shop, at, hook, letters: await shop.deadLetters(count) }
}
