import { describe, expect, test } from 'vitest'
import { ConfigError, parseApiConfig, parseWorkerConfig, redactedConfig } from './config.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const minimal = {
  REDIS_URL: 'redis://localhost:6379',
  POSTHORN_ROOT_KEY: 'posthorn_0123456789abcdefghij',
  POSTHORN_ENCRYPTION_KEYS: key,
}

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseApiConfig({ ...minimal, ...env })
    parseWorkerConfig({ ...minimal, ...env })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test('an environment with only what is required gets the defaults of the contract', () => {
  expect(parseApiConfig(minimal)).toMatchObject({
    port: 3_000,
    allowCidrs: [],
    attemptTimeoutMs: 15_000,
    maxEventBytes: 262_144,
    retentionMs: 72 * 3_600_000,
    deadLetterRetentionMs: 30 * 86_400_000,
    namespace: 'posthorn',
    shards: 1,
    durability: { kind: 'fast' },
    redisFsync: undefined,
    redisChecks: 'enforce',
    retryPolicy: {
      type: 'exponential',
      initialDelaySeconds: 5,
      factor: 3,
      maxDelaySeconds: 86_400,
      maxAttempts: 12,
      jitter: 0.2,
    },
  })
  expect(parseWorkerConfig(minimal)).toMatchObject({
    workerPort: 3_001,
    historyMaxBytes: undefined,
    eventConcurrency: 8,
    wakeUpConcurrency: 50,
    maxInFlight: 512,
    maxInFlightPerWebhook: 50,
    patienceMs: 500,
  })
})

test('each process asks only for what it reads', () => {
  const { POSTHORN_ROOT_KEY: _, ...withoutRootKey } = minimal
  expect(() => parseApiConfig(withoutRootKey)).toThrow(/POSTHORN_ROOT_KEY is required/)
  const worker = parseWorkerConfig({ ...withoutRootKey, PORT: 'nonsense' })
  expect(worker).not.toHaveProperty('rootKey')
  expect(worker).not.toHaveProperty('port')
})

test('every problem is reported at once, in one message', () => {
  const message = (() => {
    try {
      parseApiConfig({ PORT: '70000', POSTHORN_RETENTION: 'three days', POSTHORN_SHARDS: '0' })
      return ''
    } catch (error) {
      return (error as Error).message
    }
  })()
  for (const name of [
    'REDIS_URL is required',
    'POSTHORN_ROOT_KEY is required',
    'POSTHORN_ENCRYPTION_KEYS is required',
    'PORT: Expected a port',
    'POSTHORN_RETENTION: Expected a duration',
    'POSTHORN_SHARDS: Expected a whole number from 1 to 64',
  ]) {
    expect(message).toContain(name)
  }
})

test('a configuration is frozen', () => {
  const config = parseApiConfig({ ...minimal, POSTHORN_ALLOW_CIDRS: '10.0.0.0/8' })
  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.allowCidrs)).toBe(true)
  expect(Object.isFrozen(config.retryPolicy)).toBe(true)
})

test('a variable set to nothing counts as not set', () => {
  expect(parseApiConfig({ ...minimal, PORT: '', POSTHORN_RETENTION: ' ' }).port).toBe(3_000)
})

describe('values that are taken', () => {
  test.each([
    ['REDIS_URL', 'redis://user:p%40ss@redis.internal:6380/2'],
    ['REDIS_URL', 'rediss://redis.internal'],
    ['REDIS_URL', 'redis://[::1]:6379'],
    ['REDIS_URL', 'redis://:secret@a:7000,redis://b:7001,c:7002'],
    ['REDIS_URL', 'redis+sentinel://:secret@s1:26379,s2/mymaster/1'],
    ['PORT', '0'],
    ['POSTHORN_ALLOW_CIDRS', '127.0.0.0/8, ::1/128,10.1.2.3'],
    ['POSTHORN_DNS_SERVERS', '10.0.0.2'],
    ['POSTHORN_DNS_SERVERS', '10.0.0.2:5353, fd00::2,[fd00::2]:53'],
    ['POSTHORN_EGRESS_PROXY', 'http://user:p%40ss@10.0.0.3:3128'],
    ['POSTHORN_ENCRYPTION_KEYS', `${key},${key}`],
    ['POSTHORN_RETRY_POLICY', 'schedule:5s,5m,30m'],
    ['POSTHORN_ATTEMPT_TIMEOUT', '1500ms'],
    ['POSTHORN_HISTORY_MAX_BYTES', '1073741824'],
    ['POSTHORN_LOG_LEVEL', 'silent'],
  ])('%s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([])
  })
})

describe('values that are refused, each by the name of its variable', () => {
  test.each([
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'redis://a:7000,,b:7001'],
    ['REDIS_URL', 'redis+sentinel://s1:26379'],
    ['PORT', 'tcp://10.0.0.1:3000'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['POSTHORN_WORKER_PORT', '65536'],
    ['POSTHORN_ALLOW_CIDRS', '10.0.0.0/33'],
    ['POSTHORN_ALLOW_CIDRS', 'localhost'],
    ['POSTHORN_DNS_SERVERS', 'ns1.example.com'],
    ['POSTHORN_DNS_SERVERS', '10.0.0.2,'],
    ['POSTHORN_DNS_SERVERS', '10.0.0.2:0'],
    ['POSTHORN_DNS_SERVERS', '10.0.0.2:65536'],
    ['POSTHORN_DNS_SERVERS', '[10.0.0.2]:53'],
    ['POSTHORN_DNS_SERVERS', '127.1:53'],
    ['POSTHORN_EGRESS_PROXY', 'proxy:3128'],
    ['POSTHORN_EGRESS_PROXY', 'socks5://proxy:1080'],
    ['POSTHORN_ENCRYPTION_KEYS', 'short'],
    ['POSTHORN_ENCRYPTION_KEYS', `${key},`],
    ['POSTHORN_ROOT_KEY', 'too short'],
    ['POSTHORN_RETRY_POLICY', 'sometimes'],
    ['POSTHORN_ATTEMPT_TIMEOUT', '15'],
    ['POSTHORN_ATTEMPT_TIMEOUT', '2m'],
    ['POSTHORN_MAX_EVENT_BYTES', '256kb'],
    ['POSTHORN_NAMESPACE', 'a:b'],
    ['POSTHORN_NAMESPACE', '{a}'],
    ['POSTHORN_LOG_LEVEL', 'loud'],
  ])('%s=%s', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems.length).toBeGreaterThan(0)
    for (const problem of problems) expect(problem).toMatch(new RegExp(`^${name}: `))
  })
})

describe('no secret stands in a message or in the redacted configuration', () => {
  test('of a wrong value', () => {
    const env = { REDIS_URL: 'mysql://u:hidden-1@db', POSTHORN_ENCRYPTION_KEYS: 'hidden-2' }
    expect(problemsOf(env).join('\n')).not.toContain('hidden')
  })

  test('of the egress proxy', () => {
    const proxied = { ...minimal, POSTHORN_EGRESS_PROXY: 'http://u:hidden@proxy:3128' }
    expect(redactedConfig(parseWorkerConfig(proxied)).egressProxy).toBe('***')
    expect(redactedConfig(parseWorkerConfig(minimal)).egressProxy).toBeUndefined()
    expect(problemsOf({ POSTHORN_EGRESS_PROXY: 'https://u:hidden@proxy' }).join()).not.toContain(
      'hidden',
    )
  })

  test.each([
    ['redis://u:hidden@h:1/0', 'redis://u:***@h:1/0'],
    ['redis://:hid@den@h:1', 'redis://:***@h:1'],
    ['redis://u:hidden@a:1,redis://u:hidden@b:2', 'redis://u:***@a:1,redis://u:***@b:2'],
    ['redis://h:6379', 'redis://h:6379'],
    ['redis+sentinel://:hidden@s1:1,s2:2/main', 'redis+sentinel://:***@s1:1,s2:2/main'],
  ])('of %s', (url, shown) => {
    const redacted = redactedConfig(parseApiConfig({ ...minimal, REDIS_URL: url }))
    expect(redacted.redisUrl).toBe(shown)
    expect(redacted).toMatchObject({ rootKey: '***', encryptionKeys: '***', port: 3_000 })
  })
})

test.each([
  ['durable', { kind: 'durable' }],
  ['replicated:1', { kind: 'replicated', replicas: 1 }],
  ['replicated:12', { kind: 'replicated', replicas: 12 }],
])('POSTHORN_DURABILITY=%s is understood', (text, durability) => {
  expect(parseApiConfig({ ...minimal, POSTHORN_DURABILITY: text }).durability).toEqual(durability)
})

test.each(['replicated', 'replicated:0', 'replicated:-1', 'replicated:1.5', 'DURABLE', 'safe'])(
  'POSTHORN_DURABILITY=%s is refused',
  (text) => {
    expect(problemsOf({ POSTHORN_DURABILITY: text })).toEqual([
      expect.stringContaining('Expected fast, durable, or replicated:N'),
    ])
  },
)
