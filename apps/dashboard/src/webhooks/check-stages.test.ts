import { expect, it } from 'vitest'
import { stagesOf, type UrlCheck } from './check-stages.ts'

const CHECKS: readonly [UrlCheck['outcome'], UrlCheck['timings'], string][] = [
  ['success', { dnsMs: 1, connectMs: 2, tlsMs: 3 }, 'DNS passed, Connection passed, TLS passed'],
  ['success', { connectMs: 2 }, 'Connection passed'],
  ['dns', { dnsMs: 1 }, 'DNS failed'],
  ['blocked', { dnsMs: 1 }, 'DNS failed'],
  ['tls', { dnsMs: 1, connectMs: 2, tlsMs: 3 }, 'DNS passed, Connection passed, TLS failed'],
  ['timeout', { dnsMs: 1, connectMs: 2 }, 'DNS passed, Connection failed'],
]

it.each(CHECKS)('a check that ended with %s after %j: %s', (outcome, timings, said) => {
  const stages = stagesOf({ outcome, timings }).map(({ label, state }) => `${label} ${state}`)
  expect(stages.join(', ')).toBe(said)
})
