import { confirmationFor, type Durability, isAtLeast, WAITAOF_SINCE } from './durability.ts'

export type Fsync = 'always' | 'everysec' | 'no'

/** What a process knows of Redis: whether it keeps what it is given. Undefined: Redis does not say. */
export interface RedisSafety {
  readonly memoryRatio: number
  readonly usedBytes: number
  /** `maxmemory`; 0: no limit. */
  readonly maxBytes: number
  readonly aofEnabled: boolean | undefined
  /** `appendfsync`, from `CONFIG` where that is allowed, else from the operator's word. */
  readonly fsync: Fsync | undefined
  readonly maxmemoryPolicy: string
  readonly version: string
  readonly onlineReplicas: number
  /** Another one after each start; undefined in a Cluster, which has many. */
  readonly runId: string | undefined
}

/** What BullMQ asks for. */
const OLDEST_VERSION = '6.2'

/** Reads the text of `INFO`: lines of `name:value`. */
export function parseInfo(text: string, fsync: Fsync | undefined): RedisSafety {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) values.set(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const limit = Number(values.get('maxmemory') ?? 0)
  const aof = values.get('aof_enabled')
  return {
    usedBytes: Number(values.get('used_memory') ?? 0),
    maxBytes: limit,
    memoryRatio: limit > 0 ? Number(values.get('used_memory') ?? 0) / limit : 0,
    aofEnabled: aof === undefined ? undefined : aof === '1',
    fsync,
    maxmemoryPolicy: values.get('maxmemory_policy') ?? '',
    version: values.get('redis_version') ?? '',
    runId: values.get('cluster_enabled') === '1' ? undefined : values.get('run_id'),
    onlineReplicas: text.match(/^slave\d+:.*\bstate=online\b/gm)?.length ?? 0,
  }
}

/**
 * What holds for a Cluster: of each property what its worst node has. Pure.
 * @param nodes never empty
 */
export function worstOf(nodes: readonly RedisSafety[]): RedisSafety {
  const [first, ...others] = nodes as [RedisSafety, ...RedisSafety[]]
  return others.reduce((worst, node) => {
    const fuller = node.memoryRatio > worst.memoryRatio ? node : worst
    return {
      usedBytes: fuller.usedBytes,
      maxBytes: fuller.maxBytes,
      memoryRatio: fuller.memoryRatio,
      aofEnabled: worst.aofEnabled === false ? false : node.aofEnabled,
      fsync: worst.fsync,
      maxmemoryPolicy:
        worst.maxmemoryPolicy === 'noeviction' ? node.maxmemoryPolicy : worst.maxmemoryPolicy,
      version: isAtLeast(node.version, worst.version) ? worst.version : node.version,
      onlineReplicas: Math.min(worst.onlineReplicas, node.onlineReplicas),
      runId: undefined,
    }
  }, first)
}

/** What makes this Redis lose events some day, in words for an operator. Pure. */
export function dangers({ maxmemoryPolicy, aofEnabled, version }: RedisSafety): string[] {
  const found: string[] = []
  if (maxmemoryPolicy !== '' && maxmemoryPolicy !== 'noeviction') {
    found.push(`Redis evicts keys (maxmemory-policy ${maxmemoryPolicy}); set it to noeviction`)
  }
  if (aofEnabled === false) {
    found.push('Redis keeps no append-only file: a restart loses events; set appendonly to yes')
  }
  if (version !== '' && !isAtLeast(version, OLDEST_VERSION)) {
    found.push(`Redis ${version} is too old; Posthorn needs ${OLDEST_VERSION} or newer`)
  }
  return found
}

/** Why Redis cannot give what POSTHORN_DURABILITY promises. Pure. */
export function unkept(durability: Durability, safety: RedisSafety): string[] {
  if (durability.kind === 'fast') return []
  if (durability.kind === 'replicated') {
    const { replicas } = durability
    if (safety.onlineReplicas >= replicas) return []
    const online = safety.onlineReplicas
    return [`POSTHORN_DURABILITY=replicated:${replicas}, but Redis has ${online} replicas online`]
  }
  const { aofEnabled, fsync, version } = safety
  if (aofEnabled === false) {
    return ['POSTHORN_DURABILITY=durable needs an append-only file; set appendonly to yes']
  }
  if (fsync !== undefined && fsync !== 'always') {
    return [`POSTHORN_DURABILITY=durable needs appendfsync always; this Redis has ${fsync}`]
  }
  if (confirmationFor(durability, safety) !== 'impossible') return []
  return [
    `POSTHORN_DURABILITY=durable needs appendfsync always, and Redis ${version} does not let its setting ` +
      `be read: say it in POSTHORN_REDIS_FSYNC, or use Redis ${WAITAOF_SINCE} or newer`,
  ]
}
