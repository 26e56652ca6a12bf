import { startHarness } from '../measure/harness.ts'
import { measureBurst } from './burst.ts'
import { type Ground, type GrowthOptions, newInstallation, WEBHOOKS } from './ground.ts'
import { measureLists } from './lists.ts'
import type { Grown, GrowthResult } from './result.ts'
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

async function measureParts(ground: Ground): Promise<GrowthResult> {
  const asked = (part: GrowthPart) => ground.options.parts.includes(part)
  const none = async () => undefined
  const parked = await (asked('parked') ? measureParked : none)(ground)
  const retrying = await (asked('retrying') ? measureRetrying : none)(ground)
  const webhooks = await (asked('webhooks') ? measureWebhooks : none)(ground)
  const tenants = await (asked('tenants') ? measureTenants : none)(ground)
  const lists = await (asked('lists') ? measureLists : none)(ground)
  const burst = await (asked('burst') ? measureBurst : none)(ground)
  const some = (grown: readonly Grown[] | undefined) => grown ?? []
  return {
    grown: [...some(parked), ...some(retrying?.grown), ...some(webhooks?.grown), ...some(tenants)],
    timings: retrying?.timings ?? [],
    scrapes: webhooks?.scrapes ?? [],
    ...(lists && { lists }),
    ...(burst && { burst }),
  }
}
