import { isDeepStrictEqual } from 'node:util'
import { inputProblem, ProblemError } from '@posthorn/shared/error/problem.ts'
import type { Signature } from '@posthorn/shared/signature/scheme.ts'
import { shownKeys } from '@posthorn/shared/signature/secret-kind.ts'
import { liveSecrets, overlapEnds, rotated } from '@posthorn/shared/webhook/change.ts'
import { webhookSecretsSchema } from '@posthorn/shared/webhook/output.ts'
import { rotateSecretSchema } from '@posthorn/shared/webhook/schema.ts'
import { secretContext, type Vault } from '@posthorn/shared/webhook/vault.ts'
import type { StoredWebhook, WebhookSettings } from '@posthorn/shared/webhook/webhook.ts'
import { type Route, route } from '../http/route.ts'
import type { WebhookDeps } from './deps.ts'
import { acceptedSecret, requireFreeHeader } from './input.ts'
import { namedWebhook, webhookParams } from './read.ts'

/** Each of them may sign every attempt. */
const MAX_LIVE_SECRETS = 10
const SECOND_MS = 1_000

export function readSecret(deps: WebhookDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/webhooks/:id/secret',
    summary: "Read a webhook's secrets",
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: webhookParams,
    problems: ['stored_value_unreadable'],
    responses: { 200: { description: 'All that live now', schema: webhookSecretsSchema } },
    handle: async (context) => ({
      status: 200,
      body: secretsOutput(await namedWebhook(deps, context), deps),
    }),
  })
}

export function rotateSecret(deps: WebhookDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/webhooks/:id/rotate-secret',
    summary: "Rotate a webhook's secret",
    description:
      'Until the overlap ends, every attempt carries a signature by each live secret; where the header has room for one (`logto`, one of its own), by the oldest. With the newest secret once more nothing is rotated: the ones before it end after `overlapSeconds`, if that is earlier.',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: webhookParams,
    body: rotateSecretSchema,
    optionalBody: true,
    bodyExample: { overlapSeconds: 3600 },
    responses: { 200: { description: 'All that live now', schema: webhookSecretsSchema } },
    problems: ['too_many_secrets', 'too_much_contention', 'stored_value_unreadable'],
    handle: async (context) => {
      const { tenant, id } = await namedWebhook(deps, context)
      const given = context.body
      const overlapMs = given.overlapSeconds * SECOND_MS
      const webhook = await deps.store.update(tenant, id, (current) => {
        const nowMs = deps.now()
        const signature = given.signature ?? current.signature
        const secret = acceptedSecret(given.secret, signature)
        const next = signedWith(current, signature)
        if (isNewest(next, secret, deps.vault)) return overlapEnds(overlapMs, nowMs)(next)
        requireNewSecret(next, secret, nowMs, deps.vault)
        requireFreeHeader(next)
        return rotated(deps.vault.seal(secret, secretContext(id)), overlapMs, nowMs)(next)
      })
      if (!webhook) throw new ProblemError('not_found')
      return { status: 200, body: secretsOutput(webhook, deps) }
    },
  })
}

/** With this signature. Another one is a cut: what proved the old one proves nothing of the new. */
function signedWith(current: StoredWebhook, signature: Signature | undefined): StoredWebhook {
  if (isDeepStrictEqual(signature ?? 'v1', current.signature ?? 'v1')) return current
  return { ...current, ...(signature && { signature }), secrets: [] }
}

function isNewest({ id, secrets }: StoredWebhook, secret: string, vault: Vault): boolean {
  const [newest] = secrets
  return newest !== undefined && vault.open(newest.value, secretContext(id)) === secret
}

function requireNewSecret(
  current: StoredWebhook,
  secret: string,
  nowMs: number,
  vault: Vault,
): void {
  const live = liveSecrets(current, nowMs)
  const context = secretContext(current.id)
  if (live.some(({ value }) => vault.open(value, context) === secret)) {
    throw inputProblem('secret', 'Signs already')
  }
  if (live.length >= MAX_LIVE_SECRETS) throw new ProblemError('too_many_secrets')
}

function secretsOutput(webhook: WebhookSettings, { vault, now }: WebhookDeps) {
  const opened = liveSecrets(webhook, now()).map(({ value, expiresAt = 0 }) => {
    const secret = vault.open(value, secretContext(webhook.id))
    return { keys: shownKeys(secret, webhook.signature), expiresAt }
  })
  return {
    ...opened[0]?.keys,
    previous: opened.slice(1).map(({ keys, expiresAt }) => ({
      ...keys,
      expiresAt: new Date(expiresAt).toISOString(),
    })),
  }
}
