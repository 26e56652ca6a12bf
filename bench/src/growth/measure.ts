import { startHarness } from '../measure/harness.ts'
import { measureBurst } from './burst.ts'
import { type Ground, type GrowthOptions, newInstallation, WEBHOOKS } from './ground.ts'
import { measureLists } from './lists.ts'
import type { Failure, GrowthResult } from './result.ts'
import { plainSide, warmUp } from './rounds.ts'
import { type GrowthPart, sizesAt } from './sizes.ts'
import { measureTenants } from './tenants.ts'
import { measureParked, measureRetrying } from './waiting.ts'
import { measureWebhooks } from './webhooks.ts'

/** One installation in which nothing grows, from beginning to end; beside it one for each thing that does. */
export async function measureGrowth(options: GrowthOptions): Promise<GrowthResult> {
  const harness = await startHarness(WEBHOOKS)
  const zero = await newInstallation(harness, options, 'posthorn-zero')
  try {
    const ground = { harness, options, zero, sizes: sizesAt(options.scale) }
    await warmUp(ground, plainSide(zero, ground))
    return await measureParts(ground)
  } finally {
    await zero.stop()
    harness.stop()
  }
}

/** One part that cannot be measured takes nothing from the others. */
async function measureParts(ground: Ground): Promise<GrowthResult> {
  const failures: Failure[] = []
  const part = async <T>(name: GrowthPart, measure: (ground: Ground) => Promise<T>) => {
    if (!ground.options.parts.includes(name)) return undefined
    try {
      return await measure(ground)
    } catch (error) {
      ground.options.progress(`${name}: ${error}`)
      failures.push({ part: name, reason: String(error) })
      return undefined
    }
  }
  const parked = await part('parked', measureParked)
  const retrying = await part('retrying', measureRetrying)
  const webhooks = await part('webhooks', measureWebhooks)
  const tenants = await part('tenants', measureTenants)
  const lists = await part('lists', measureLists)
  const burst = await part('burst', measureBurst)
  return {
    grown: [parked, retrying?.grown, webhooks?.grown, tenants].flatMap((grown) => grown ?? []),
    timings: retrying?.timings ?? [],
    scrapes: webhooks?.scrapes ?? [],
    failures,
    ...(lists && { lists }),
    ...(burst && { burst }),
  }
}
