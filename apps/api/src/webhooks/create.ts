import { newId } from '@posthorn/shared/event/new-id.ts'
import { shownKeys } from '@posthorn/shared/signature/secret-kind.ts'
import { createdWebhookSchema, webhookOutput } from '@posthorn/shared/webhook/output.ts'
import { type WebhookInput, webhookInputSchema } from '@posthorn/shared/webhook/schema.ts'
import { secretContext } from '@posthorn/shared/webhook/vault.ts'
import type { WebhookSettings } from '@posthorn/shared/webhook/webhook.ts'
import { type Route, route } from '../http/route.ts'
import { requireOwnFields } from '../portal/own.ts'
import { requireRoom } from '../portal/room.ts'
import type { WebhookDeps } from './deps.ts'
import {
  acceptedSecret,
  acceptedUrl,
  optionalOf,
  requireFreeHeader,
  sealedHeaders,
} from './input.ts'

export function createWebhook(deps: WebhookDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/webhooks',
    summary: 'Create a webhook',
    description: 'Every event published after the answer goes to it. The answer shows its secret.',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    body: webhookInputSchema,
    bodyExample: { url: 'https://example.com/hooks', eventTypes: ['user.*', 'PostSignIn'] },
    responses: { 201: { description: 'Created', schema: createdWebhookSchema } },
    problems: ['url_refused', 'too_many_webhooks'],
    handle: async (context) => {
      requireOwnFields(context.principal, context.body)
      const tenant = context.tenantOf(context.body.tenant)
      await requireRoom(deps.store, context.principal, tenant)
      const signature = context.body.signature ?? undefined
      const secret = acceptedSecret(context.body.secret, signature)
      const made = await deps.store.create(newWebhook(context.body, { tenant, secret }, deps))
      const shown = webhookOutput(made, undefined, deps.now())
      return { status: 201, body: { ...shown, ...shownKeys(secret, signature) } }
    },
  })
}

function newWebhook(
  input: WebhookInput,
  { tenant, secret }: { tenant: string; secret: string },
  { vault, policy, now }: WebhookDeps,
): WebhookSettings {
  const nowMs = now()
  const id = newId('wh', nowMs)
  const settings = {
    id,
    tenant,
    url: acceptedUrl(input.url, policy).href,
    eventTypes: input.eventTypes,
    ...optionalOf(input),
    enabled: input.enabled ?? true,
    paused: false,
    headers: sealedHeaders(id, input.headers ?? {}, vault),
    secrets: [{ value: vault.seal(secret, secretContext(id)), createdAt: nowMs }],
    createdAt: nowMs,
    updatedAt: nowMs,
  }
  requireFreeHeader(settings)
  return settings
}
