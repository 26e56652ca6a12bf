/** A place among the attempts in the air; to be given back exactly once. */
export interface Slot {
  /** Says that the attempt has outlasted patience: its webhook is slow. */
  markSlow(): void
  release(): void
}

export interface SlotLimits {
  /** Attempts of this process in the air at once. */
  readonly total: number
  /** Attempts of one webhook in the air at once, in this process. */
  readonly perWebhook: number
}

interface WebhookSlots {
  inUse: number
  slow: number
  readonly waiting: Waiter[]
}

interface Waiter {
  readonly timer: NodeJS.Timeout | undefined
  readonly grant: (slot: Slot) => void
}

/**
 * Caps attempts twice: per webhook, so that a slow one cannot take all, and in total. A webhook at its
 * cap is waited for within the caller's patience; one whose attempts are mostly slow is not waited for
 * at all, since a batch would stand still for it.
 */
export class Slots {
  readonly #limits: SlotLimits
  readonly #webhooks = new Map<string, WebhookSlots>()
  readonly #waiting: (() => void)[] = []
  #inUse = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  get inUse(): number {
    return this.#inUse
  }

  /** How many more attempts of this webhook may begin now. */
  free(webhookId: string): number {
    const webhook = this.#webhooks.get(webhookId)
    return this.#limits.perWebhook - (webhook ? webhook.inUse + webhook.waiting.length : 0)
  }

  /**
   * @param patienceMs how long to wait for the webhook's own cap; undefined waits as long as it takes
   * @returns undefined when the webhook stays at its cap: the delivery is to be parked
   */
  async acquire(webhookId: string, patienceMs?: number): Promise<Slot | undefined> {
    const slot = await this.#acquireOfWebhook(webhookId, patienceMs)
    if (slot && this.#inUse >= this.#limits.total) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else if (slot) {
      this.#inUse++
    }
    return slot
  }

  #acquireOfWebhook(
    webhookId: string,
    patienceMs: number | undefined,
  ): Slot | Promise<Slot | undefined> | undefined {
    let webhook = this.#webhooks.get(webhookId)
    if (!webhook) {
      webhook = { inUse: 0, slow: 0, waiting: [] }
      this.#webhooks.set(webhookId, webhook)
    }
    const { perWebhook } = this.#limits
    if (webhook.inUse < perWebhook) {
      webhook.inUse++
      return this.#slot(webhookId, webhook)
    }
    const hopeless = webhook.slow * 2 >= perWebhook || webhook.waiting.length >= perWebhook
    if (patienceMs !== undefined && hopeless) return undefined
    return this.#wait(webhook, patienceMs)
  }

  #wait(webhook: WebhookSlots, patienceMs: number | undefined): Promise<Slot | undefined> {
    return new Promise((resolve) => {
      const giveUp = () => {
        webhook.waiting.splice(webhook.waiting.indexOf(waiter), 1)
        resolve(undefined)
      }
      const waiter: Waiter = {
        timer: patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs),
        grant: resolve,
      }
      webhook.waiting.push(waiter)
    })
  }

  #slot(webhookId: string, webhook: WebhookSlots): Slot {
    let slow = false
    return {
      markSlow: () => {
        slow = true
        webhook.slow++
      },
      release: () => {
        if (slow) webhook.slow--
        this.#releaseTotal()
        const next = webhook.waiting.shift()
        if (next) {
          clearTimeout(next.timer)
          next.grant(this.#slot(webhookId, webhook))
        } else if (--webhook.inUse === 0) {
          this.#webhooks.delete(webhookId)
        }
      },
    }
  }

  #releaseTotal(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#inUse--
  }
}
