import { randomBytes } from 'node:crypto'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { versionKey } from '@posthorn/shared/queue/keys.ts'
import type { StoredSource } from '@posthorn/shared/source/source.ts'
import { SourceStore } from '@posthorn/shared/source/store.ts'
import { startEngine, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import {
  headerContext,
  secretContext,
  sourceContext,
  Vault,
} from '@posthorn/shared/webhook/vault.ts'
import type { StoredWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resealAll, resealSources } from './reseal.ts'

const [oldKey, newKey, lostKey] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const rotating = new Vault([newKey, oldKey])
const NOW_MS = 1_000_000

let engine: TestEngine
let store: WebhookStore

beforeEach(async () => {
  engine = await startEngine()
  store = new WebhookStore(engine.redis, engine.namespace)
})
afterEach(() => engine.close())

const reseal = (vault = rotating) =>
  resealAll({ webhooks: store, vault, now: () => NOW_MS }, new AbortController().signal)

/** With two live secrets, one whose overlap has ended, and a header. */
async function stored(
  tenant: string,
  sealedBy = oldKey,
  endedBy = sealedBy,
): Promise<StoredWebhook> {
  const id = newId('wh')
  const seal = (value: string, key = sealedBy) => new Vault([key]).seal(value, secretContext(id))
  return await store.create({
    id,
    tenant,
    url: 'https://example.com/',
    eventTypes: ['*'],
    enabled: true,
    paused: false,
    headers: { 'X-Own': new Vault([sealedBy]).seal('header value', headerContext(id, 'X-Own')) },
    secrets: [
      { value: seal('newest'), createdAt: 2 },
      { value: seal('before'), createdAt: 1, expiresAt: NOW_MS + 1 },
      { value: seal('ended', endedBy), createdAt: 0, expiresAt: NOW_MS - 1 },
    ],
    createdAt: 0,
    updatedAt: 0,
  })
}

async function openedBy(key: Buffer, { tenant, id }: StoredWebhook) {
  const vault = new Vault([key])
  const webhook = (await store.get(tenant, id)) as StoredWebhook
  return {
    secrets: webhook.secrets.map(({ value }) => vault.open(value, secretContext(id))),
    header: vault.open(webhook.headers['X-Own'] as string, headerContext(id, 'X-Own')),
  }
}

test('afterwards the newest key opens everything that is still used, of every tenant', async () => {
  const webhooks = []
  for (let i = 0; i < 120; i++) webhooks.push(await stored(`tenant-${i % 3}`))
  // What has ended is used by nobody: its key may be lost.
  webhooks.push(await stored('tenant-0', oldKey, lostKey))
  expect(await reseal()).toEqual({ changed: 121, left: 0 })
  for (const webhook of webhooks) {
    expect(await openedBy(newKey, webhook)).toEqual({
      secrets: ['newest', 'before'],
      header: 'header value',
    })
  }
})

test('what is under the newest key already is not written: no version changes', async () => {
  await stored('acme')
  await stored('acme', newKey)
  await reseal()
  const version = await engine.redis.get(versionKey(engine.namespace, 'acme'))
  expect(version).toMatch(/\.3$/)
  expect(await reseal()).toEqual({ changed: 0, left: 0 })
  expect(await engine.redis.get(versionKey(engine.namespace, 'acme'))).toBe(version)
})

test('a change that is made at the same time is kept, and sealed anew all the same', async () => {
  const webhooks = await Promise.all(Array.from({ length: 20 }, () => stored('acme')))
  const other = new WebhookStore(engine.redis, engine.namespace)
  await Promise.all([
    reseal(),
    ...webhooks.map(({ id }) => other.update('acme', id, (now) => ({ ...now, name: 'changed' }))),
    reseal(),
  ])
  for (const webhook of webhooks) {
    expect(await store.get('acme', webhook.id)).toMatchObject({ name: 'changed' })
    expect((await openedBy(newKey, webhook)).secrets).toEqual(['newest', 'before'])
  }
})

test('what no key opens is counted and left as it is', async () => {
  const lost = await stored('acme', lostKey)
  await stored('acme')
  expect(await reseal()).toEqual({ changed: 1, left: 3 })
  expect(await store.get('acme', lost.id)).toEqual(lost)
})

test('secrets of sources come under the newest key too, and what no key opens is counted', async () => {
  const sources = new SourceStore(engine.redis, engine.namespace)
  const create = async (...keys: Buffer[]): Promise<StoredSource> => {
    const id = newId('src')
    const secrets = keys.map((key) => new Vault([key]).seal('secret', sourceContext(id)))
    const times = { createdAt: 0, updatedAt: 0 }
    const source: StoredSource = { id, name: 'a', type: 'logto', tenant: 't', secrets, ...times }
    await sources.create(source)
    return source
  }
  const made = []
  for (let i = 0; i < 60; i++) made.push(await create(oldKey, newKey))
  const untouched = await create(newKey)
  const lost = await create(lostKey)
  const reseal = () => resealSources({ sources, vault: rotating }, new AbortController().signal)
  expect(await reseal()).toEqual({ changed: 60, left: 1 })
  for (const { id } of made) {
    const { secrets } = (await sources.get(id)) as StoredSource
    const opened = secrets.map((sealed) => new Vault([newKey]).open(sealed, sourceContext(id)))
    expect(opened).toEqual(['secret', 'secret'])
  }
  expect(await sources.get(untouched.id)).toEqual(untouched)
  expect(await sources.get(lost.id)).toEqual(lost)
  expect(await reseal()).toEqual({ changed: 0, left: 1 })
})
