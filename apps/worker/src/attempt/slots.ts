/** A place among the attempts in the air; to be given back exactly once. */
export interface Slot {
  /** Says that the attempt has outlasted patience: its webhook is slow. */
  markSlow(): void
  release(): void
}

export interface SlotLimits {
  /** Attempts of this process in the air at once; those that were slow count apart, up to as many. */
  readonly total: number
  /** Attempts of one webhook in the air at once, in this process. */
  readonly perWebhook: number
}

interface WebhookSlots {
  inUse: number
  slow: number
  /** First come, first served; a set because who gives up leaves from the middle. */
  readonly waiting: Set<Waiter>
  /** An attempt outlasted patience and none has ended in time since it began. */
  suspect: boolean
  /** When an attempt last ended in time. */
  quickAt: number
}

interface Waiter {
  readonly timer: NodeJS.Timeout | undefined
  readonly grant: (slot: Slot | undefined) => void
}

/** Deliveries of one webhook that wait here at the most (some 500 B each): the rest parks at once. */
const MAX_WAITING = 1_000

/** What suspects may have in the air together, of the total: the rest is for who becomes slow next. */
const SHARE_OF_SUSPECTS = 3 / 4

/** Past so many webhooks no suspect is remembered that has nothing in the air. */
const MAX_REMEMBERED = 10_000

/**
 * Caps attempts twice: per webhook, so that a slow one cannot take all, and in total. A healthy webhook
 * at its cap is waited for within the caller's patience. One of which an attempt was slow, and none
 * ended in time meanwhile, is a suspect until one does: its deliveries take no place but through its
 * lane, since a batch would stand still for each. So is one while half of its places are slow. What is
 * slow counts apart, so it takes no place from the healthy.
 */
export class Slots {
  readonly #limits: SlotLimits
  readonly #webhooks = new Map<string, WebhookSlots>()
  readonly #waiting: (() => void)[] = []
  /** Suspects with attempts in the air. */
  readonly #suspects = new Set<WebhookSlots>()
  /** Those that count for the total. */
  #inUse = 0
  /** Those that count apart. */
  #slow = 0
  #movedAtMs = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  /** Attempts of one webhook in the air at once. */
  get perWebhook(): number {
    return this.#limits.perWebhook
  }

  get inUse(): number {
    return this.#inUse + this.#slow
  }

  /** When an attempt last ended, by `performance.now()`; 0 before the first. */
  get movedAtMs(): number {
    return this.#movedAtMs
  }

  /** How many more attempts of this webhook may begin now. */
  free(webhookId: string): number {
    const webhook = this.#webhooks.get(webhookId)
    if (!webhook) return this.#limits.perWebhook
    return this.#capOf(webhook) - webhook.inUse - webhook.waiting.size
  }

  /**
   * @param patienceMs how long to wait for the webhook's own cap; undefined waits as long as it takes
   * @returns undefined when the webhook stays at its cap or is a suspect: the delivery is to be parked
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
      webhook = { inUse: 0, slow: 0, waiting: new Set(), suspect: false, quickAt: 0 }
      this.#webhooks.set(webhookId, webhook)
    }
    const isPatient = patienceMs === undefined
    if (webhook.suspect && !isPatient) return undefined
    if (webhook.inUse < this.#limits.perWebhook) {
      webhook.inUse++
      if (webhook.suspect) this.#suspects.add(webhook)
      return this.#slot(webhookId, webhook)
    }
    if (!isPatient && webhook.waiting.size >= MAX_WAITING) return undefined
    return this.#wait(webhook, patienceMs)
  }

  #wait(webhook: WebhookSlots, patienceMs: number | undefined): Promise<Slot | undefined> {
    return new Promise((resolve) => {
      const giveUp = () => {
        webhook.waiting.delete(waiter)
        resolve(undefined)
      }
      const waiter: Waiter = {
        timer: patienceMs === undefined ? undefined : setTimeout(giveUp, patienceMs),
        grant: resolve,
      }
      webhook.waiting.add(waiter)
    })
  }

  #capOf({ suspect }: WebhookSlots): number {
    const { perWebhook, total } = this.#limits
    if (!suspect) return perWebhook
    const share = Math.floor((total * SHARE_OF_SUSPECTS) / Math.max(1, this.#suspects.size))
    return Math.min(perWebhook, share)
  }

  #slot(webhookId: string, webhook: WebhookSlots): Slot {
    const startedAt = performance.now()
    let slow = false
    let apart = false
    return {
      markSlow: () => {
        slow = true
        webhook.slow++
        apart = this.#countApart()
        if (webhook.quickAt < startedAt || this.#isHalfSlow(webhook)) this.#suspect(webhook)
      },
      release: () => {
        this.#movedAtMs = performance.now()
        if (slow) webhook.slow--
        else this.#clear(webhook)
        if (apart) this.#slow--
        else this.#releaseTotal()
        const [next] = webhook.waiting
        if (next) {
          webhook.waiting.delete(next)
          clearTimeout(next.timer)
          next.grant(this.#slot(webhookId, webhook))
        } else if (--webhook.inUse === 0) {
          this.#forget(webhookId, webhook)
        }
      },
    }
  }

  /** Who waits with a patience waits no longer: its batch goes on. */
  #suspect(webhook: WebhookSlots): void {
    webhook.suspect = true
    this.#suspects.add(webhook)
    for (const waiter of webhook.waiting) {
      if (waiter.timer === undefined) continue
      webhook.waiting.delete(waiter)
      clearTimeout(waiter.timer)
      waiter.grant(undefined)
    }
  }

  #isHalfSlow({ slow }: WebhookSlots): boolean {
    return slow * 2 >= this.#limits.perWebhook
  }

  #clear(webhook: WebhookSlots): void {
    webhook.quickAt = performance.now()
    if (this.#isHalfSlow(webhook)) return
    webhook.suspect = false
    this.#suspects.delete(webhook)
  }

  /** A suspect stays one while it has nothing in the air. */
  #forget(webhookId: string, webhook: WebhookSlots): void {
    this.#suspects.delete(webhook)
    if (!webhook.suspect || this.#webhooks.size > MAX_REMEMBERED) this.#webhooks.delete(webhookId)
  }

  /** A slow attempt gives its place to others while there are not too many of its kind. */
  #countApart(): boolean {
    if (this.#slow >= this.#limits.total) return false
    this.#slow++
    this.#releaseTotal()
    return true
  }

  #releaseTotal(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#inUse--
  }
}
