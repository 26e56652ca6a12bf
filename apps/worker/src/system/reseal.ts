import { setTimeout as sleep } from 'node:timers/promises'
import { valuesUnderOldKeys } from '@posthorn/shared/runtime/metrics.ts'
import { type Periodic, periodic } from '@posthorn/shared/runtime/periodic.ts'
import { resealedSource } from '@posthorn/shared/source/reseal.ts'
import type { SourceStore } from '@posthorn/shared/source/store.ts'
import { resealed } from '@posthorn/shared/webhook/reseal.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import type { Vault } from '@posthorn/shared/webhook/vault.ts'

/** Again, because a process that still has the old key in front may have written since. */
const EVERY_MS = 10 * 60_000
/** At most 500 webhooks a second: whoever holds them has to read what changed. */
const PAGE = 50
const PAUSE_MS = 100

export interface ResealDeps {
  readonly webhooks: Pick<WebhookStore, 'list' | 'update'>
  readonly sources: Pick<SourceStore, 'list' | 'update'>
  readonly vault: Vault
  /** Redis' time. */
  readonly now: () => number
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  readonly onError: (error: unknown) => void
}

/**
 * Brings every secret and header value of webhooks and sources under the newest encryption key, at the start of a worker and every
 * ten minutes; afterwards the older keys may go. Every worker does it: a webhook is written only where
 * something changes, and only if nobody else has changed it meanwhile.
 */
export function startResealing(deps: ResealDeps): Periodic {
  const stopping = new AbortController()
  let said = false
  const turn = async () => {
    const webhooks = await resealAll(deps, stopping.signal)
    const sources = await resealSources(deps, stopping.signal)
    if (stopping.signal.aborted) return
    const changed = webhooks.changed + sources.changed
    const left = webhooks.left + sources.left
    valuesUnderOldKeys.set(left)
    if (left > 0) {
      deps.log.warn({ values: left }, 'values are under encryption keys that this worker lacks')
    } else if (!said || changed > 0) {
      deps.log.info({ changed }, 'all values are under the newest encryption key')
    }
    said = left === 0
  }
  const running = periodic(EVERY_MS, turn, deps.onError)
  return {
    stop() {
      stopping.abort()
      return running.stop()
    },
  }
}

/** @returns how many webhooks were written, and how many values no key opens */
export async function resealAll(
  { webhooks, vault, now }: Pick<ResealDeps, 'webhooks' | 'vault' | 'now'>,
  stopping: AbortSignal,
): Promise<{ changed: number; left: number }> {
  let [changed, left] = [0, 0]
  let before: string | undefined
  while (!stopping.aborted) {
    const page = await webhooks.list({ before, limit: PAGE })
    await Promise.all(
      page.map(async ({ tenant, id, updatedVersion }) => {
        let unopened = 0
        const after = await webhooks.update(tenant, id, (current) => {
          const { settings, left: values } = resealed(current, vault, now())
          unopened = values
          return settings
        })
        left += unopened
        if (after && after.updatedVersion !== updatedVersion) changed++
      }),
    )
    if (page.length < PAGE) break
    before = page.at(-1)?.id
    await sleep(PAUSE_MS)
  }
  return { changed, left }
}

/** As `resealAll`, for the secrets of sources. */
export async function resealSources(
  { sources, vault }: Pick<ResealDeps, 'sources' | 'vault'>,
  stopping: AbortSignal,
): Promise<{ changed: number; left: number }> {
  let [changed, left] = [0, 0]
  let before: string | undefined
  while (!stopping.aborted) {
    const page = await sources.list({ before, limit: PAGE })
    for (const { id } of page) {
      let outcome = { isChanged: false, left: 0 }
      await sources.update(id, (current) => {
        const { source, left: unopened } = resealedSource(current, vault)
        outcome = { isChanged: source !== current, left: unopened }
        return source
      })
      left += outcome.left
      if (outcome.isChanged) changed++
    }
    if (page.length < PAGE) break
    before = page.at(-1)?.id
    await sleep(PAUSE_MS)
  }
  return { changed, left }
}
