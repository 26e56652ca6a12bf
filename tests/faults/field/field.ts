import { setTimeout as pause } from 'node:timers/promises'
import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import type { Client } from '../../harness/client.ts'
import { Posthorn, privateRedis } from '../../harness/posthorn.ts'
import type { Env } from '../../harness/service.ts'
import { schedule } from '../../harness/tenant.ts'
import { upTo } from '../../harness/wait.ts'
import type { Disturbance, Subscriber } from '../check/checker.ts'
import { machineMs } from '../clock.ts'
import { SUBSCRIPTIONS, type Subscription } from '../load/events.ts'
import { FaultLoad, type LoadOptions } from '../load/load.ts'
import { Published } from '../load/published.ts'
import type { Random } from '../random.ts'
import { ReceiverProcess } from '../receiver/process.ts'

export interface FieldOptions {
  readonly apis?: number
  readonly workers?: number
  readonly fsync?: 'always' | 'everysec'
  readonly redisArgs?: readonly string[]
  /** For every process. */
  readonly env?: Env
  /** For each worker by its number, on top. */
  readonly workerEnv?: (index: number) => Env
  readonly beside?: ((redis: TestRedis) => Promise<Beside>) | undefined
  readonly subscriptions?: readonly Subscription[]
  readonly load?: Partial<Pick<LoadOptions, 'singles' | 'batches' | 'largestBatch' | 'window'>>
}

/** What a fault needs beside the Redis of a field: a proxy to it, Sentinels, a witness. */
export interface Beside {
  /** What the processes use as Redis. */
  readonly url: string
  close(): Promise<void>
}

export interface Kills {
  worker: number
  api: number
  redis: number
  connection?: number
}

export const TENANT = 'faults'
/** A kill may find an attempt in the air that began before; and its slow sibling. */
export const IN_THE_AIR_MS = 2_500
/** What was sent before a kill may lie in the receiver's sockets until that gets round to reading. */
export const IN_SOCKETS_MS = 500

/** A whole system under load, to be disturbed: real processes, real Redis, receivers with ledgers. */
export class Field {
  readonly redis: TestRedis
  readonly beside: Beside | undefined
  readonly posthorn: Posthorn
  readonly receiver: ReceiverProcess
  readonly random: Random
  clients: readonly Client[] = []
  readonly subscriptions: readonly Subscription[]
  readonly published = new Published()
  readonly webhooks = new Map<string, string>()
  readonly disturbances: Disturbance[] = []
  readonly recoveriesMs: number[] = []
  readonly notes: string[] = []
  /** What went wrong. */
  readonly problems: string[] = []
  /** Events that Redis itself is known to have forgotten. */
  readonly forgotten = new Set<number>()
  readonly kills: Kills = { worker: 0, api: 0, redis: 0 }
  #forgiven = 0
  readonly #loadOptions: NonNullable<FieldOptions['load']>
  #load: FaultLoad | undefined

  private constructor(
    redis: TestRedis,
    beside: Beside | undefined,
    posthorn: Posthorn,
    receiver: ReceiverProcess,
    random: Random,
    options: FieldOptions,
  ) {
    this.redis = redis
    this.beside = beside
    this.posthorn = posthorn
    this.receiver = receiver
    this.random = random
    this.subscriptions = options.subscriptions ?? SUBSCRIPTIONS
    this.#loadOptions = options.load ?? {}
  }

  static async open(random: Random, options: FieldOptions = {}): Promise<Field> {
    const { apis = 2, workers = 2, fsync = 'everysec', redisArgs = [], env = {} } = options
    const redis = await privateRedis(['--appendfsync', fsync, ...redisArgs])
    const beside = await options.beside?.(redis)
    const posthorn = new Posthorn(beside?.url ?? redis.url, { POSTHORN_LOG_LEVEL: 'warn', ...env })
    const receiver = await ReceiverProcess.start()
    const field = new Field(redis, beside, posthorn, receiver, random, options)
    try {
      await Promise.all([
        ...upTo(apis).map(() => posthorn.startApi()),
        ...upTo(workers).map((i) => posthorn.startWorker(options.workerEnv?.(i))),
      ])
      field.clients = posthorn.apis.map((_, i) => posthorn.client(i))
      for (const subscription of field.subscriptions) await field.subscribe(subscription)
    } catch (error) {
      await field.close()
      throw error
    }
    return field
  }

  /** A webhook for this subscriber; a second one goes to the same ledger. */
  async subscribe({ name, eventTypes, behaviour, settings }: Subscription): Promise<void> {
    await this.receiver.subscriber(`/${name}`, behaviour)
    const { id } = await this.client.post<{ id: string }>(201, '/v1/webhooks', {
      tenant: TENANT,
      url: this.receiver.urlOf(`/${name}`),
      eventTypes,
      retryPolicy: schedule(1, 1, 2, 5, 5, 5, 10, 10, 10),
      ...settings,
    })
    this.webhooks.set(id, name)
  }

  get client(): Client {
    const [client] = this.clients
    if (!client) throw new Error('no API')
    return client
  }

  /** What is thrown in it is a problem of the outcome; whatever follows goes on. */
  async attempt(work: () => Promise<void>): Promise<void> {
    await work().catch((error: Error) => this.problems.push(error.message))
  }

  /** Lets the load begin, if it has not yet. */
  begin(): void {
    this.#load ??= new FaultLoad({
      tenant: TENANT,
      published: this.published,
      random: this.random,
      clients: this.clients,
      singles: 4,
      batches: 3,
      largestBatch: 600,
      window: 4_000,
      arrived: () => this.receiver.seen('/every') + this.#forgiven,
      ...this.#loadOptions,
    })
  }

  /** Resolves when what was begun has been answered. */
  async endLoad(): Promise<void> {
    await this.#load?.stop()
  }

  /** What has been published by now may never arrive: publishing does not wait for it. */
  forgive(): void {
    this.#forgiven = this.published.next - this.receiver.seen('/every')
  }

  /** Of a load, if there was one. */
  get refusals(): FaultLoad['refusals'] {
    return this.#load?.refusals ?? { count: 0, slowestMs: 0 }
  }

  get surprises(): readonly string[] {
    return this.#load?.surprises ?? []
  }

  /** Waits until so many more events have been acknowledged and as many have arrived. */
  async flow(events: number, withinMs = 60_000): Promise<void> {
    const from = { acknowledged: this.published.acknowledged, seen: this.receiver.total('/every') }
    const deadlineMs = machineMs() + withinMs
    this.begin()
    while (
      this.published.acknowledged < from.acknowledged + events ||
      this.receiver.total('/every') < from.seen + events
    ) {
      if (machineMs() > deadlineMs) {
        throw new Error(`${events} events did not flow in ${withinMs} ms\n${this.posthorn.tails()}`)
      }
      await pause(10)
    }
  }

  /** A disturbance begins now; call what is returned when it is over. */
  disturb(): () => void {
    const fromMs = machineMs() - IN_THE_AIR_MS
    const index = this.disturbances.push({ fromMs, untilMs: Number.POSITIVE_INFINITY }) - 1
    return () => {
      this.disturbances[index] = { fromMs, untilMs: machineMs() + IN_SOCKETS_MS }
    }
  }

  /** Waits until a publish is answered and a delivery arrives after this moment. */
  async recovered(fromMs: number, withinMs = 60_000): Promise<void> {
    const total = this.receiver.total('/every')
    let arrivedMs = 0
    let answeredMs = 0
    const deadlineMs = machineMs() + withinMs
    while (arrivedMs === 0 || answeredMs === 0) {
      if (arrivedMs === 0 && this.receiver.total('/every') > total) arrivedMs = machineMs()
      if (answeredMs === 0 && this.published.lastMs >= fromMs) answeredMs = this.published.lastMs
      if (machineMs() > deadlineMs) {
        throw new Error(`nothing flows ${withinMs} ms after the fault\n${this.posthorn.tails()}`)
      }
      await pause(5)
    }
    this.recoveriesMs.push(Math.max(arrivedMs, answeredMs) - fromMs)
    this.notes.push(
      `recovered: a publish was answered after ${Math.round(answeredMs - fromMs)} ms, ` +
        `a delivery arrived after ${Math.round(arrivedMs - fromMs)} ms`,
    )
  }

  async subscribers(): Promise<Subscriber[]> {
    return await Promise.all(
      this.subscriptions.map(async ({ name, expects, mayMiss = false }) => ({
        ...{ name, expects, mayMiss },
        ledger: await this.receiver.ledger(`/${name}`),
      })),
    )
  }

  /** @returns what the processes did that they must not do */
  async close(): Promise<string[]> {
    const complaints: string[] = []
    await this.posthorn.stop().catch((error: Error) => complaints.push(error.message))
    this.receiver.stop()
    await this.beside?.close()
    await this.redis.stop()
    return complaints
  }
}
