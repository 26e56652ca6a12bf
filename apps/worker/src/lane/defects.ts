import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import { unusableWebhooks } from '@posthorn/shared/runtime/metrics.ts'

const REMIND_EVERY_MS = 60_000

interface Defect {
  readonly reason: string
  readonly saidAt: number
}

interface DefectsLog {
  error(fields: object, message: string): void
  info(fields: object, message: string): void
}

/**
 * Webhooks to which this process can send nothing, because what is stored of them cannot be opened or read
 * (mostly: an encryption key is missing). Their deliveries wait in their lanes, and nobody else's do.
 */
export class Defects {
  readonly #log: DefectsLog
  readonly #known = new Map<string, Defect>()

  constructor(log: DefectsLog) {
    this.#log = log
  }

  /** To be called at each look at a lane. `reason`: undefined when its webhook can be used. */
  note({ tenant, webhookId }: LaneName, reason: string | undefined): void {
    const known = this.#known.get(webhookId)
    if (reason === undefined) {
      if (!known) return
      this.#known.delete(webhookId)
      this.#log.info({ tenant, webhook: webhookId }, 'webhook can be used again')
    } else if (known?.reason !== reason || performance.now() - known.saidAt >= REMIND_EVERY_MS) {
      this.#known.set(webhookId, { reason, saidAt: performance.now() })
      this.#log.error(
        { tenant, webhook: webhookId, reason },
        'webhook cannot be used: its deliveries wait',
      )
    }
    unusableWebhooks.set(this.#known.size)
  }

  /** For an operator, each reason once. */
  warnings(): string[] {
    const counts = new Map<string, number>()
    for (const { reason } of this.#known.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1)
    return [...counts].map(([reason, n]) => `Deliveries of ${n} webhook(s) wait: ${reason}`)
  }
}
