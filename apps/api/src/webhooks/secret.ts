import { inputProblem, ProblemError } from '@posthorn/shared/error/problem.ts'
import { generateSecret } from '@posthorn/shared/signature/secret.ts'
import { liveSecrets, rotated } from '@posthorn/shared/webhook/change.ts'
import { webhookSecretsSchema } from '@posthorn/shared/webhook/output.ts'
import { rotateSecretSchema } from '@posthorn/shared/webhook/schema.ts'
import { secretContext, type Vault } from '@posthorn/shared/webhook/vault.ts'
import type { StoredWebhook, WebhookSettings } from '@posthorn/shared/webhook/webhook.ts'
import { type Route, route } from '../http/route.ts'
import type { WebhookDeps } from './deps.ts'
import { acceptedSecret } from './input.ts'
import { namedWebhook, webhookParams } from './read.ts'

/** Each of them signs every attempt. */
const MAX_LIVE_SECRETS = 10
const SECOND_MS = 1_000

export function readSecret(deps: WebhookDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/webhooks/:id/secret',
    summary: "Read a webhook's secrets",
    tag: 'Webhooks',
    role: 'admin',
    params: webhookParams,
    problems: ['stored_value_unreadable'],
    responses: { 200: { description: 'All that sign now', schema: webhookSecretsSchema } },
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
    description: 'Until the overlap ends, every attempt carries a signature by each live secret.',
    tag: 'Webhooks',
    role: 'admin',
    params: webhookParams,
    body: rotateSecretSchema,
    optionalBody: true,
    bodyExample: { overlapSeconds: 3600 },
    responses: { 200: { description: 'All that sign now', schema: webhookSecretsSchema } },
    problems: ['too_many_secrets', 'too_much_contention', 'stored_value_unreadable'],
    handle: async (context) => {
      const { tenant, id } = await namedWebhook(deps, context)
      const secret = acceptedSecret(context.body.secret ?? generateSecret())
      const value = deps.vault.seal(secret, secretContext(id))
      const overlapMs = context.body.overlapSeconds * SECOND_MS
      const webhook = await deps.store.update(tenant, id, (current) => {
        const nowMs = deps.now()
        requireNewSecret(current, secret, nowMs, deps.vault)
        return rotated(value, overlapMs, nowMs)(current)
      })
      if (!webhook) throw new ProblemError('not_found')
      return { status: 200, body: secretsOutput(webhook, deps) }
    },
  })
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
  const opened = liveSecrets(webhook, now()).map(({ value, expiresAt }) => ({
    secret: vault.open(value, secretContext(webhook.id)),
    expiresAt,
  }))
  return {
    secret: opened[0]?.secret,
    previous: opened.slice(1).map(({ secret, expiresAt = 0 }) => ({
      secret,
      expiresAt: new Date(expiresAt).toISOString(),
    })),
  }
}
