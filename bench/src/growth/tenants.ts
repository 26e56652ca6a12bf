import { tenantName } from '../load/payload.ts'
import { typeOf } from '../load/target.ts'
import type { Posthorn } from '../posthorn/system.ts'
import { type Ground, withInstallation } from './ground.ts'
import type { Grown } from './result.ts'
import { compare, type Side, warmUp } from './rounds.ts'
import { createMany, seeding } from './seed.ts'
import { count } from './sizes.ts'

/**
 * Tenants of one webhook each, whose events come in turn: all webhooks at one origin, then each at an
 * origin of its own.
 */
export async function measureTenants(ground: Ground): Promise<Grown[]> {
  const { sizes, harness } = ground
  const everywhere = await harness.receiver.call('everywhere', null)
  const ofOne = await grown(ground, `${count(sizes.tenants)} tenants`, () => {
    return `http://127.0.0.1:${harness.receiverPorts[0]}/webhooks`
  })
  const ofMany = await grown(ground, `${count(sizes.tenants)} tenants and origins`, (i) => {
    return `http://127.1.${i >> 8}.${i & 255}:${everywhere}/webhooks`
  })
  return [ofOne, ofMany]
}

const grown = (ground: Ground, name: string, urlOf: (i: number) => string): Promise<Grown> =>
  withInstallation(
    ground,
    `posthorn-${urlOf(1).includes('127.1.') ? 'origins' : 'tenants'}`,
    (system) => measure(ground, system, name, urlOf),
  )

async function measure(
  ground: Ground,
  system: Posthorn,
  name: string,
  urlOf: (i: number) => string,
): Promise<Grown> {
  const { zero, sizes, options } = ground
  const plain = { fanOut: 1, bytes: options.bytes }
  const inputOf = (i: number) => {
    return { url: urlOf(i), eventTypes: [typeOf(plain)], tenant: tenantName(i) }
  }
  const seeded = await seeding(ground, system, name, () =>
    createMany(system, 0, sizes.tenants, inputOf),
  )
  const sides: Record<'zero' | 'grown', Side> = {
    zero: { system: zero, kind: plain },
    grown: { system, kind: { ...plain, tenants: sizes.tenants } },
  }
  for (const side of [sides.zero, sides.grown]) await warmUp(ground, side)
  return await compare(ground, name, sides, seeded)
}
