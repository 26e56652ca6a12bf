import { randomBytes } from 'node:crypto'
import { startRedis, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import { inject } from 'vitest'
import { Client } from './client.ts'
import { Receiver } from './receiver.ts'
import { type Env, type Origin, Service } from './service.ts'
import { Tenant } from './tenant.ts'
import { upTo } from './wait.ts'

export interface PosthornOptions {
  readonly apis?: number
  readonly workers?: number
  readonly env?: Env
  /** A Redis of the caller's, who also stops it; else the one that all tests of a run share. */
  readonly redisUrl?: string
}

/** What no process may ever print, whatever happened to it. */
const ALARMS = [/unhandled/i, /uncaught/i, /MaxListenersExceeded/, /DeprecationWarning/]
const STOP_WITHIN_MS = 20_000

/** A whole running Posthorn: real processes on a real Redis, in a namespace of its own. */
export class Posthorn {
  readonly apis: Service[] = []
  readonly workers: Service[] = []
  readonly key: string
  readonly redisUrl: string
  readonly namespace: string
  readonly env: Env
  readonly secrets = new Set<string>()
  readonly #clients: Client[] = []
  readonly #receivers: Receiver[] = []
  #tenants = 0

  constructor(redisUrl: string, env: Env) {
    this.redisUrl = redisUrl
    this.key = `root-${randomBytes(24).toString('hex')}`
    this.namespace = `t${randomBytes(5).toString('hex')}`
    const encryptionKey = randomBytes(32).toString('base64')
    this.secrets.add(this.key).add(encryptionKey)
    this.env = {
      REDIS_URL: redisUrl,
      POSTHORN_ROOT_KEY: this.key,
      POSTHORN_ENCRYPTION_KEYS: encryptionKey,
      POSTHORN_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
      POSTHORN_NAMESPACE: this.namespace,
      // A Redis that whoever runs the tests has chosen need not keep anything.
      ...(process.env.REDIS_URL === undefined ? {} : { POSTHORN_REDIS_CHECKS: 'warn' }),
      ...env,
    }
  }

  /** Through the first API, unless another is named. */
  client(api = 0, key = this.key): Client {
    const url = this.apis[api]?.url
    if (url === undefined) throw new Error(`there is no API ${api}`)
    const client = new Client(url, key, this.secrets)
    this.#clients.push(client)
    return client
  }

  /** A tenant that nobody else uses. */
  tenant(about: string, client = this.client()): Tenant {
    this.#tenants += 1
    return new Tenant(`${about}-${this.#tenants}`, client, () => this.tails())
  }

  async receiver(): Promise<Receiver> {
    const receiver = await Receiver.start()
    this.#receivers.push(receiver)
    return receiver
  }

  async startWorker(env: Env = {}, origin?: Origin): Promise<Service> {
    const worker = await Service.start('worker', { ...this.env, ...env }, origin)
    this.workers.push(worker)
    return worker
  }

  async startApi(env: Env = {}, origin?: Origin): Promise<Service> {
    const api = await Service.start('api', { ...this.env, ...env }, origin)
    this.apis.push(api)
    return api
  }

  /** The first API's origin. */
  get url(): string {
    return this.apis[0]?.url ?? ''
  }

  get services(): Service[] {
    return [...this.apis, ...this.workers]
  }

  tails(): string {
    return this.services.map((service) => service.tail()).join('\n')
  }

  /** Processes whose output holds this text. */
  printedBy(text: string): Service[] {
    return this.services.filter((service) => service.output.includes(text))
  }

  /** Ends everything, and throws when a process leaked, complained or told a secret. */
  async stop(): Promise<void> {
    for (const client of this.#clients) await client.close()
    for (const receiver of this.#receivers) await receiver.close()
    const faults = await Promise.all(this.services.map((service) => ended(service)))
    const told = [...this.secrets].flatMap((secret) =>
      this.printedBy(secret).map((service) => `${service.kind} printed the secret ${secret}`),
    )
    const complaints = this.services.flatMap((service) => complaintsOf(service))
    const all = [...faults.flat(), ...told, ...complaints]
    if (all.length > 0) throw new Error(`${all.join('\n')}\n${this.tails()}`)
  }
}

async function ended(service: Service): Promise<string[]> {
  if (!service.running) return []
  try {
    const code = await service.kill('SIGTERM', STOP_WITHIN_MS)
    return code === 0 ? [] : [`${service.kind} ended with ${code} on SIGTERM`]
  } catch (error) {
    await service.kill('SIGKILL')
    return [`leaked: ${(error as Error).message}`]
  }
}

function complaintsOf(service: Service): string[] {
  return service.output
    .split('\n')
    .filter((line) => ALARMS.some((alarm) => alarm.test(line)))
    .map((line) => `${service.kind} printed: ${line.slice(0, 500)}`)
}

/** Starts the processes at once and returns when each is ready; if one is not in time, none is left. */
export async function startPosthorn(options: PosthornOptions = {}): Promise<Posthorn> {
  const posthorn = new Posthorn(options.redisUrl ?? inject('redisUrl'), options.env ?? {})
  const starts = await Promise.allSettled([
    ...upTo(options.apis ?? 1).map(() => posthorn.startApi()),
    ...upTo(options.workers ?? 1).map(() => posthorn.startWorker()),
  ])
  const failed = starts.find((start) => start.status === 'rejected')
  if (!failed) return posthorn
  await Promise.all(posthorn.services.map((service) => service.kill('SIGKILL')))
  throw failed.reason
}

/** A Redis of the test's own, AOF on, to be killed and started again on the same port. */
export async function privateRedis(args: readonly string[] = []): Promise<TestRedis> {
  return await startRedis({ persistent: true, args })
}
