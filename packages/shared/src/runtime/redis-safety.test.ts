import { describe, expect, test } from 'vitest'
import { type Confirmation, confirmationFor, type Durability } from './durability.ts'
import {
  dangers,
  type Fsync,
  parseInfo,
  type RedisSafety,
  unkept,
  worstOf,
} from './redis-safety.ts'

const safe: RedisSafety = {
  usedBytes: 0,
  maxBytes: 0,
  memoryRatio: 0,
  aofEnabled: true,
  fsync: 'always',
  maxmemoryPolicy: 'noeviction',
  version: '7.0.15',
  onlineReplicas: 0,
  runId: undefined,
}

test('INFO is read; what it does not say stays open', () => {
  const text = [
    '# Memory\r\nused_memory:10\r\nmaxmemory:40\r\nmaxmemory_policy:allkeys-lru\r\n',
    '# Persistence\r\naof_enabled:0\r\n# Server\r\nredis_version:8.2.3\r\n',
    'slave0:ip=::1,port=1,state=online,offset=9,lag=0\r\n',
    'slave1:ip=::1,port=2,state=wait_bgsave,offset=0,lag=0\r\n',
  ].join('')
  expect(parseInfo(text, undefined)).toEqual({
    usedBytes: 10,
    maxBytes: 40,
    memoryRatio: 0.25,
    aofEnabled: false,
    fsync: undefined,
    maxmemoryPolicy: 'allkeys-lru',
    version: '8.2.3',
    onlineReplicas: 1,
    runId: undefined,
  })
  const silent = parseInfo('redis_mode:standalone', 'no')
  expect(silent).toMatchObject({ aofEnabled: undefined, version: '', fsync: 'no' })
  expect(dangers(silent)).toEqual([])
})

test.each<[what: string, node: Partial<RedisSafety>]>([
  ['memory', { memoryRatio: 0.9, usedBytes: 9, maxBytes: 10 }],
  ['append-only file', { aofEnabled: false }],
  ['policy', { maxmemoryPolicy: 'allkeys-lru' }],
  ['version', { version: '6.0.9' }],
  ['replicas', { onlineReplicas: 0 }],
])('of a Cluster the worst node counts, wherever it stands: %s', (_what, node) => {
  const good = { ...safe, onlineReplicas: 1 }
  const bad = { ...good, ...node }
  for (const nodes of [
    [bad, good, good],
    [good, bad, good],
    [good, good, bad],
  ]) {
    expect(worstOf(nodes)).toEqual(bad)
  }
  expect(worstOf([good])).toBe(good)
})

describe('dangers', () => {
  test.each<[Partial<RedisSafety>, string | undefined]>([
    [{}, undefined],
    [{ maxmemoryPolicy: 'allkeys-lru' }, 'maxmemory-policy allkeys-lru'],
    [{ maxmemoryPolicy: 'volatile-ttl' }, 'maxmemory-policy volatile-ttl'],
    [{ aofEnabled: false }, 'appendonly'],
    [{ version: '6.0.16' }, '6.0.16 is too old'],
    [{ version: '6.2.0' }, undefined],
    [{ version: '10.0.0' }, undefined],
  ])('%j: %s', (change, expected) => {
    const found = dangers({ ...safe, ...change })
    if (expected === undefined) expect(found).toEqual([])
    else expect(found).toEqual([expect.stringContaining(expected)])
  })
})

describe('what is promised is confirmed, or no event is taken', () => {
  const durable: Durability = { kind: 'durable' }
  const replicated: Durability = { kind: 'replicated', replicas: 2 }
  const fsync = (value: Fsync | undefined, version = '7.0.15') => ({ fsync: value, version })
  test.each<[Durability, Partial<RedisSafety>, Confirmation, string | undefined]>([
    [{ kind: 'fast' }, { aofEnabled: false, fsync: 'no' }, 'by-answer', undefined],
    [durable, fsync('always'), 'by-answer', undefined],
    [durable, fsync('everysec'), 'impossible', 'this Redis has everysec'],
    [durable, fsync(undefined), 'impossible', 'POSTHORN_REDIS_FSYNC'],
    [durable, fsync('always', '7.2.0'), 'waitaof', undefined],
    [durable, fsync(undefined, '8.2.3'), 'waitaof', undefined],
    [durable, fsync('everysec', '7.2.0'), 'waitaof', 'this Redis has everysec'],
    [durable, { aofEnabled: false, version: '8.2.3' }, 'impossible', 'append-only file'],
    [replicated, { onlineReplicas: 2 }, { replicas: 2 }, undefined],
    [replicated, { onlineReplicas: 1 }, { replicas: 2 }, '1 replicas online'],
  ])('%j on %j: %j, %s', (durability, change, confirmation, reason) => {
    const safety = { ...safe, ...change }
    expect(confirmationFor(durability, safety)).toEqual(confirmation)
    const reasons = unkept(durability, safety)
    if (reason === undefined) expect(reasons).toEqual([])
    else expect(reasons).toEqual([expect.stringContaining(reason)])
  })
})
