import { isIP } from 'node:net'
import { z } from 'zod'
import { parseEgressProxy } from '../attempt/egress/proxy.ts'
import { parseDurationSeconds } from '../retry/duration.ts'
import { parseRetryPolicy, RetryPolicyTextError } from '../retry/parse.ts'
import type { Durability } from './durability.ts'

// How the text of an environment variable becomes a value. No message repeats the text of a secret.

const REDIS_FORMS =
  'Expected redis://[user:password@]host[:port][/db], rediss://…, a comma-separated list of Cluster seeds, or redis+sentinel://host[:port],host[:port]/name'

const singleRedis = /^rediss?:\/\/[^\s,/]+(\/\d+)?\/?(\?\S*)?$/
const clusterSeed = /^(rediss?:\/\/)?([^\s,/@]*@)?([^\s,/@:]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?\/?$/
const sentinelRedis = /^redis\+sentinel:\/\/([^@/\s]*@)?[^@/\s,]+(,[^@/\s,]+)*\/[^/?\s]+(\/\d+)?$/

/** One of the forms of REDIS_URL, kept as text: `runtime/redis.ts` connects by it. */
export const redisUrl = z.string().refine(isRedisUrl, REDIS_FORMS)

function isRedisUrl(text: string): boolean {
  if (text.startsWith('redis+sentinel://')) return sentinelRedis.test(text)
  const seeds = text.split(',')
  if (seeds.length > 1) return seeds.every((seed) => clusterSeed.test(seed.trim()))
  return singleRedis.test(text) && URL.canParse(text)
}

/** A TCP port; 0 lets the system choose one. */
export const port = z
  .string()
  .refine(
    (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
    'Expected a port, 0 to 65535. (Kubernetes sets variables like tcp://… for a Service of the same name: use enableServiceLinks: false)',
  )
  .transform(Number)

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number) {
  return z
    .string()
    .refine(
      (text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max,
      `Expected a whole number from ${min} to ${max}`,
    )
    .transform(Number)
}

/** `500ms`, `15s`, `72h`, `30d` → milliseconds, within bounds given in the same notation. */
export function duration(min: string, max: string) {
  const minMs = durationMs(min) ?? 0
  const maxMs = durationMs(max) ?? Number.MAX_SAFE_INTEGER
  return z.string().transform((text, context) => {
    const ms = durationMs(text)
    if (ms !== undefined && ms >= minMs && ms <= maxMs) return ms
    context.addIssue({
      code: 'custom',
      message: `Expected a duration from ${min} to ${max}, like 500ms, 15s, 30m, 72h or 30d`,
    })
    return z.NEVER
  })
}

function durationMs(text: string): number | undefined {
  const seconds = parseDurationSeconds(text)
  return seconds === undefined ? undefined : Math.round(seconds * 1_000)
}

/** The one-line form of a retry policy, e.g. `schedule:5s,5m,30m`. */
export const retryPolicy = z.string().transform((text, context) => {
  try {
    return parseRetryPolicy(text)
  } catch (error) {
    if (!(error instanceof RetryPolicyTextError)) throw error
    context.addIssue({ code: 'custom', message: error.message })
    return z.NEVER
  }
})

export const onOff = z
  .enum(['on', 'off'], { error: 'Expected on or off' })
  .transform((text) => text === 'on')

/** Comma-separated ranges; a bare address is a range of one. */
export const cidrs = z.string().transform((text, context) => {
  const ranges = text.split(',').map((range) => range.trim())
  for (const range of ranges.filter((item) => !isCidr(item))) {
    context.addIssue({
      code: 'custom',
      message: `"${range}" is no CIDR range: expected 10.0.0.0/8 or fd00::/8`,
    })
  }
  return ranges
})

function isCidr(range: string): boolean {
  const [address = '', prefix, ...rest] = range.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
  )
}

/** `https://app.example.com`, as a browser writes it: what else a policy could take for more is refused. */
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/

/** The origin of a page. */
export const origin = z
  .string()
  .refine(isOrigin, 'Expected scheme, host and port only, such as https://app.example.com')

/** Comma-separated origins. */
export const origins = z.string().transform((text, context) => {
  const found = text.split(',').map((each) => each.trim())
  for (const each of found.filter((item) => !isOrigin(item))) {
    context.addIssue({
      code: 'custom',
      message: `"${each}" is no origin: expected https://app.example.com, without a path`,
    })
  }
  return found as readonly string[]
})

function isOrigin(text: string): boolean {
  return ORIGIN.test(text) && URL.canParse(text) && new URL(text).origin === text
}

/** Comma-separated name servers, each an address with or without a port, as `dns.setServers` takes them. */
export const dnsServers = z.string().transform((text, context) => {
  const servers = text.split(',').map((server) => server.trim())
  for (const server of servers.filter((item) => !isDnsServer(item))) {
    context.addIssue({
      code: 'custom',
      message: `"${server}" is no address of a name server: expected 10.0.0.2, 10.0.0.2:53, fd00::2 or [fd00::2]:53`,
    })
  }
  return servers as readonly string[]
})

function isDnsServer(server: string): boolean {
  if (isIP(server) !== 0) return true
  const [, v6, v4, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(server) ?? []
  const sound = v6 === undefined ? isIP(v4 ?? '') === 4 : isIP(v6) === 6
  return sound && Number(port) > 0 && Number(port) <= 65_535
}

/** A proxy that every attempt goes through. */
export const egressProxy = z.string().transform((text, context) => {
  const proxy = parseEgressProxy(text)
  if (proxy) return proxy
  context.addIssue({
    code: 'custom',
    message: 'Expected http://[user:password@]host[:port], percent-encoded, and nothing behind it',
  })
  return z.NEVER
})

const AES_KEY_BYTES = 32

/** Comma-separated base64 keys of 32 bytes, newest first. */
export const encryptionKeys = z.string().transform((text, context) => {
  const keys = text.split(',').map((key) => key.trim())
  const decoded = keys.map((key) => Buffer.from(key, 'base64'))
  for (const [index, key] of keys.entries()) {
    const sound = /^[A-Za-z0-9+/_-]+={0,2}$/.test(key) && decoded[index]?.length === AES_KEY_BYTES
    if (sound) continue
    context.addIssue({
      code: 'custom',
      message: `Key ${index + 1} is not 32 bytes in base64: make one with "openssl rand -base64 32"`,
    })
  }
  return decoded as readonly Buffer[]
})

const MIN_ROOT_KEY_LENGTH = 24

/** An API key: printable ASCII, as it travels in a header. */
export const apiKey = z
  .string()
  .refine(
    (text) => text.length >= MIN_ROOT_KEY_LENGTH && /^[\x21-\x7e]+$/.test(text),
    `Expected at least ${MIN_ROOT_KEY_LENGTH} printable ASCII characters without spaces: make one with "openssl rand -hex 32"`,
  )

/** `fast`, `durable` or `replicated:N`. */
export const durability = z.string().transform((text, context): Durability => {
  if (text === 'fast' || text === 'durable') return { kind: text }
  const replicas = Number(/^replicated:(\d{1,2})$/.exec(text)?.[1] ?? 0)
  if (replicas >= 1) return { kind: 'replicated', replicas }
  context.addIssue({
    code: 'custom',
    message: 'Expected fast, durable, or replicated:N with N from 1 to 99',
  })
  return z.NEVER
})

export const fsync = z.enum(['always', 'everysec', 'no'], {
  error: 'Expected always, everysec or no',
})

export const redisChecks = z.enum(['enforce', 'warn'], { error: 'Expected enforce or warn' })

export const signInOverHttp = z.enum(['loopback', 'anywhere'], {
  error: 'Expected loopback or anywhere',
})

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** A namespace becomes part of every key's hash tag: no braces, colons or slashes. */
export const namespace = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}$/, 'Expected 1 to 32 letters, digits, "_" or "-"')

export const logLevel = z.enum(LOG_LEVELS, { error: `Expected one of ${LOG_LEVELS.join(', ')}` })
