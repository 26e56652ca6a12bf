/** Redis' own error codes (the first word of its reply) that say: not now, try again. */
const UNAVAILABLE_REPLIES = new Set([
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'READONLY',
  'BUSY',
  'NOREPLICAS',
  'MISCONF',
])

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT', // A unix socket that is not there.
])

const CLIENT_ERRORS = new Set(['MaxRetriesPerRequestError', 'AbortError', 'ClusterAllFailedError'])

/**
 * ioredis 6 rejects these with a plain `Error` that carries nothing else to know it by. They are
 * its constants, compared whole; `redis-failure.integration.test.ts` provokes each of them.
 */
const CLIENT_STATES = new Set([
  'Command timed out',
  'Connection is closed.',
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'Cluster is disconnected.',
  'Cluster is disconnecting.',
  'None of startup nodes is available',
  'connect ETIMEDOUT',
])

/**
 * Why Redis did not do what was asked, if that is its reason at all: `unavailable` (away, starting,
 * failing over, too slow) or `full` (at `maxmemory`). Looks through `cause`.
 */
export function redisFailure(error: unknown): 'unavailable' | 'full' | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const found = classify(at)
    if (found) return found
  }
  return undefined
}

function classify(error: Error & { code?: unknown }): 'unavailable' | 'full' | undefined {
  if (error.name === 'ReplyError') {
    const [code = ''] = error.message.split(' ', 1)
    if (code === 'OOM') return 'full'
    return UNAVAILABLE_REPLIES.has(code) ? 'unavailable' : undefined
  }
  if (CLIENT_ERRORS.has(error.name) || CLIENT_STATES.has(error.message)) return 'unavailable'
  return typeof error.code === 'string' && NETWORK_CODES.has(error.code) ? 'unavailable' : undefined
}
