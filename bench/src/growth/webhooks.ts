import { type Ground, WEBHOOKS, withInstallation } from './ground.ts'
import type { Grown, Scrape } from './result.ts'
import { compare, plainSide, warmUp } from './rounds.ts'
import { scrapes } from './scrape.ts'
import { createMany, seeding } from './seed.ts'
import { count } from './sizes.ts'

/** Types that the other webhooks of the tenant are spread over. */
const OTHER_TYPES = 1_000

/** Webhooks of one tenant, of which the events go to as few as before. */
export const measureWebhooks = (ground: Ground): Promise<{ grown: Grown[]; scrapes: Scrape[] }> =>
  withInstallation(ground, 'posthorn-webhooks', async (system) => {
    const sides = { zero: plainSide(ground.zero, ground), grown: plainSide(system, ground) }
    const url = `http://127.0.0.1:${ground.harness.receiverPorts[0]}/webhooks`
    const inputOf = (i: number) => ({ url, eventTypes: [`other.${i % OTHER_TYPES}`] })
    await warmUp(ground, sides.grown)
    const grown: Grown[] = []
    const scraped: Scrape[] = []
    let existing = WEBHOOKS
    for (const size of ground.sizes.webhooks) {
      const name = `${count(size)} webhooks of one tenant`
      const seeded = await seeding(ground, system, name, () =>
        createMany(system, existing, size, inputOf),
      )
      existing = size
      // Who has not seen the new ones yet loads them now.
      await warmUp(ground, sides.grown)
      grown.push(await compare(ground, name, sides, seeded))
      scraped.push(...(await scrapes(system, size)))
    }
    return { grown, scrapes: scraped }
  })
