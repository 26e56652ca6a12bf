import type { AttemptResult } from '@posthorn/shared/attempt/result.ts'
import {
  type Circuit,
  type CircuitReport,
  type CircuitRules,
  isHopeless,
  judge,
  probeFailed,
} from '@posthorn/shared/circuit/circuit.ts'
import { activeSinceMs, circuitRules } from '@posthorn/shared/circuit/rules.ts'
import type { CircuitStore, ListedCircuit } from '@posthorn/shared/circuit/store.ts'
import { deliveryId } from '@posthorn/shared/delivery/id.ts'
import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import { sideBySide } from '@posthorn/shared/runtime/side-by-side.ts'
import type { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import type { Work } from '../attempt/work.ts'
import { Tally } from './tally.ts'

/** Every so many turns the list is held against the circuits and the webhooks. */
const TIDY_EVERY = 10
const AT_ONCE = 32

export interface CircuitDeps {
  readonly store: CircuitStore
  readonly registry: Pick<WebhookRegistry, 'current'>
  readonly defaults: CircuitRules
  /** A webhook that delivers nothing for so long is disabled; 0: never. */
  readonly giveUpMs: number
  /** Redis' time. */
  readonly now: () => number
  readonly giveUp: (lane: LaneName, failingSinceMs: number, reason: string) => Promise<void>
  readonly log: {
    warn(fields: object, message: string): void
    info(fields: object, message: string): void
  }
  readonly onError: (error: unknown) => void
}

/**
 * What this process knows of circuits, and what it tells the others: counts of failing webhooks once a
 * second, the outcome of a probe at once. Nothing is written for a webhook that only succeeds.
 */
export class CircuitKeeper {
  readonly #deps: CircuitDeps
  readonly #tally = new Tally()
  #open = new Set<string>()
  #turns = 0

  constructor(deps: CircuitDeps) {
    this.#deps = deps
  }

  /** As of a second ago at most; the lane's script decides by what is. */
  isOpen(webhook: CompiledWebhook): boolean {
    return this.#open.has(webhook.id) && this.#rulesOf(webhook).enabled
  }

  heeds(webhook: CompiledWebhook): boolean {
    return this.#rulesOf(webhook).enabled
  }

  /** To be called after the outcome is handed on and before a lane attempt is let go. */
  async observe(work: Work, webhook: CompiledWebhook, result: AttemptResult): Promise<void> {
    const { tenant, webhookId } = work.ref
    const lane = { tenant, webhookId }
    const nowMs = Math.round(this.#deps.now())
    const failed = result.outcome !== 'success'
    if (work.holder.trial) await this.#tried(lane, webhook, failed ? failureOf(result) : undefined)
    else if (!failed) this.#tally.success(lane, nowMs)
    else this.#tally.failure(lane, nowMs, deliveryId(work.ref), failureOf(result))
  }

  /** Once a second: learns what the others know, then tells what this process saw. */
  async turn(): Promise<void> {
    const listed = await this.#deps.store.list()
    this.#open = new Set(
      listed.flatMap(({ probeAtMs, webhookId }) => (probeAtMs === undefined ? [] : [webhookId])),
    )
    const reports = this.#tally.collect(listed)
    // One that fails takes no other with it.
    await sideBySide(reports, AT_ONCE, ([lane, report]) =>
      this.#tell(lane, report).catch(this.#deps.onError),
    )
    if (this.#turns++ % TIDY_EVERY === 0) {
      await sideBySide(listed, AT_ONCE, (circuit) => this.#tidy(circuit))
    }
  }

  async #tried(lane: LaneName, webhook: CompiledWebhook, failure: string | undefined) {
    const rules = this.#rulesOf(webhook)
    const nowMs = Math.round(this.#deps.now())
    const change = (circuit: Circuit | undefined) =>
      failure === undefined ? undefined : probeFailed(circuit, failure, rules, nowMs)
    await this.#changed(lane, webhook, change)
  }

  async #tell(lane: LaneName, report: CircuitReport): Promise<void> {
    const webhook = (await this.#deps.registry.current(lane.tenant)).get(lane.webhookId)
    const nowMs = Math.round(this.#deps.now())
    if (!webhook?.config.enabled) await this.#deps.store.change(lane, () => undefined)
    else {
      const rules = this.#rulesOf(webhook)
      await this.#changed(lane, webhook, (circuit) => judge(circuit, report, rules, nowMs))
    }
  }

  async #changed(
    lane: LaneName,
    webhook: CompiledWebhook,
    change: (circuit: Circuit | undefined) => Circuit | undefined,
  ): Promise<void> {
    const { before, after } = await this.#deps.store.change(lane, change)
    if (after?.open) this.#open.add(lane.webhookId)
    else this.#open.delete(lane.webhookId)
    this.#say(lane, before, after)
    if (after) await this.#giveUpHopeless(lane, webhook, after)
  }

  #say({ tenant, webhookId }: LaneName, before: Circuit | undefined, after: Circuit | undefined) {
    if (before?.state === after?.state) return
    const about = { tenant, webhook: webhookId }
    if (after?.open) {
      const { failures, lastFailure } = after
      this.#deps.log.warn({ ...about, failures, lastFailure }, 'circuit opened: deliveries wait')
    } else if (before?.open) this.#deps.log.info(about, 'circuit closed')
  }

  async #giveUpHopeless(lane: LaneName, webhook: CompiledWebhook, circuit: Circuit): Promise<void> {
    const { giveUpMs, now } = this.#deps
    const activeMs = activeSinceMs(webhook.config)
    if (!isHopeless(circuit, activeMs, giveUpMs, this.#rulesOf(webhook), now())) return
    const since = new Date(circuit.failingSinceMs).toISOString()
    await this.#deps.giveUp(
      lane,
      circuit.failingSinceMs,
      `Nothing was delivered since ${since}: ${circuit.failures} attempts in a row failed, the last one with ${circuit.lastFailure}`,
    )
    await this.#deps.store.change(lane, () => undefined)
  }

  /** Webhooks that are gone or disabled have no circuit; and a kill may have left the list behind. */
  async #tidy(lane: ListedCircuit): Promise<void> {
    const webhook = (await this.#deps.registry.current(lane.tenant)).get(lane.webhookId)
    if (webhook?.config.enabled) await this.#deps.store.relist(lane)
    else await this.#deps.store.change(lane, () => undefined)
  }

  #rulesOf({ config }: CompiledWebhook): CircuitRules {
    return circuitRules(config.circuitBreaker, this.#deps.defaults)
  }
}

const failureOf = ({ outcome, statusCode }: AttemptResult): string =>
  statusCode === undefined ? outcome : `${outcome} ${statusCode}`
