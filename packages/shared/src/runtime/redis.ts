import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { readBeforeTimeout } from './command-timeout.ts'
import { writeOncePerTurn } from './one-write.ts'
import { giveUpSilentConnections } from './silent-connection.ts'

export type RedisClient = Redis | Cluster

type Options = Omit<RedisOptions, 'replyMapping'>

/**
 * How a connection behaves while Redis is away:
 * - `producer` answers at once: no queue of waiting commands, 400 ms per command, and a command
 *   whose connection broke is never sent a second time (ioredis would, and add a job twice).
 * - `consumer` waits for Redis to come back.
 */
export type ConnectionRole = 'producer' | 'consumer'

/** A producer's command that has no answer by then counts as failed; its effect is unknown. */
export const PRODUCER_COMMAND_TIMEOUT_MS = 400

/**
 * A connection on which Redis is silent for so long is replaced. A consumer sends again what was
 * unanswered, so it is slower to believe that Redis is not merely slow.
 */
const SILENT_MS: Record<ConnectionRole, number> = { producer: 2_000, consumer: 8_000 }

const LONGEST_PAUSE_MS = 250
const LONGEST_PAUSE_OF_A_CLUSTER_MS = 1_000

/**
 * Whoever waits for Redis waits for one such pause longer than Redis was away: BullMQ's default took 18 s to
 * resume after a 20 s outage. A try costs next to nothing; the jitter keeps the connections of many processes
 * from knocking at the same moments.
 */
const reconnectDelayMs = (tries: number, longestMs = LONGEST_PAUSE_MS) =>
  Math.min(25 * 2 ** Math.min(tries, 10), longestMs) * (0.5 + Math.random() / 2)

/**
 * A Cluster is tried whole, a connection to each node at a time, and only while none of its nodes can be used: one
 * node that is lost is found again by the others' answers, without a pause.
 */
const clusterReconnectDelayMs = (tries: number) =>
  reconnectDelayMs(tries, LONGEST_PAUSE_OF_A_CLUSTER_MS)

/**
 * How often a Redis that is still loading its data is asked whether it is done. ioredis goes by what Redis
 * expects, which right after its start is a guess, and would ask again after ten seconds.
 */
const LOADING_LOOK_EVERY_MS = 200

function optionsFor(role: ConnectionRole): Options {
  const common: Options = {
    protocol: 2,
    retryStrategy: (tries) => reconnectDelayMs(tries),
    maxRetriesPerRequest: null,
    maxLoadingRetryTime: LOADING_LOOK_EVERY_MS,
    connectTimeout: 2_000,
    socketTimeout: SILENT_MS[role],
    keepAlive: 5_000,
    // A replica that was a primary before a fail-over refuses writes: reconnect to find the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
  if (role === 'consumer') return common
  return {
    ...common,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout: PRODUCER_COMMAND_TIMEOUT_MS,
  }
}

/**
 * Opens a connection by any of the forms of `REDIS_URL`: `redis://`, `rediss://`, a comma-separated
 * Cluster seed list, `redis+sentinel://host:port,host:port/name`. Errors are emitted, never thrown:
 * the caller attaches an `error` listener.
 */
export function connectRedis(url: string, role: ConnectionRole): RedisClient {
  readBeforeTimeout()
  giveUpSilentConnections()
  writeOncePerTurn()
  const options = optionsFor(role)
  if (url.startsWith('redis+sentinel://')) return new Redis({ ...options, ...sentinelOptions(url) })
  if (url.includes(',')) return connectCluster(url, options)
  return new Redis(url, { ...options })
}

function connectCluster(url: string, redisOptions: Options): Cluster {
  const seeds = url
    .split(',')
    .map((seed) => new URL(seed.includes('://') ? seed : `redis://${seed}`))
  const first = seeds[0] as URL
  const { enableOfflineQueue, retryStrategy, ...perNode } = redisOptions
  const nodes = seeds.map((seed) => ({ host: seed.hostname, port: Number(seed.port || 6379) }))
  const isTls = first.protocol === 'rediss:'
  return new Cluster(nodes, {
    clusterRetryStrategy: clusterReconnectDelayMs,
    ...(enableOfflineQueue === undefined ? {} : { enableOfflineQueue }),
    // ioredis would connect to the address that it looked up, which no certificate bears.
    ...(isTls ? { dnsLookup: (name, callback) => callback(null, name) } : {}),
    redisOptions: {
      ...perNode,
      ...credentials(first),
      ...(isTls ? { tls: {} } : {}),
    },
  })
}

function sentinelOptions(url: string): Options {
  const match = /^redis\+sentinel:\/\/(?:([^@/]*)@)?([^/]+)\/([^/?]+)(?:\/(\d+))?$/.exec(url)
  if (!match) throw new Error('REDIS_URL: expected redis+sentinel://host:port,host:port/name')
  const [, userInfo, hosts, name, db] = match
  const auth = new URL(`redis://${userInfo ? `${userInfo}@` : ''}sentinel`)
  return {
    sentinels: (hosts as string).split(',').map((host) => {
      const [hostname, port] = host.split(':')
      return { host: hostname as string, port: Number(port ?? 26_379) }
    }),
    name: name as string,
    sentinelRetryStrategy: (tries) => reconnectDelayMs(tries),
    ...credentials(auth),
    ...(db === undefined ? {} : { db: Number(db) }),
  }
}

function credentials(url: URL): Pick<RedisOptions, 'username' | 'password'> {
  return {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  }
}
