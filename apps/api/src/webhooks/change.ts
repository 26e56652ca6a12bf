import { inputProblem, ProblemError } from '@posthorn/shared/error/problem.ts'
import { secretFault } from '@posthorn/shared/signature/secret-kind.ts'
import { disabled, enabled, liveSecrets } from '@posthorn/shared/webhook/change.ts'
import { webhookSchema } from '@posthorn/shared/webhook/output.ts'
import { type WebhookPatch, webhookPatchSchema } from '@posthorn/shared/webhook/schema.ts'
import { secretContext } from '@posthorn/shared/webhook/vault.ts'
import type { StoredWebhook, WebhookSettings } from '@posthorn/shared/webhook/webhook.ts'
import { type Route, route } from '../http/route.ts'
import { requireOwnFields } from '../portal/own.ts'
import type { WebhookDeps } from './deps.ts'
import { acceptedUrl, OPTIONAL, requireFreeHeader, sealedHeaders } from './input.ts'
import { namedWebhook, shown, webhookParams } from './read.ts'

export function patchWebhook(deps: WebhookDeps): Route {
  return route({
    method: 'PATCH',
    path: '/v1/webhooks/:id',
    summary: 'Change a webhook',
    description:
      'Holds for every event published after the answer; attempts that are due use the new settings too. A `url` closes the circuit. `enabled: false` is the same as disabling it.',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: webhookParams,
    body: webhookPatchSchema,
    bodyExample: { eventTypes: ['user.*'], timeoutMs: 5000, name: null },
    responses: { 200: { description: 'As it is now', schema: webhookSchema } },
    problems: ['url_refused', 'too_much_contention', 'stored_value_unreadable'],
    handle: async (context) => {
      const { body: patch, principal } = context
      requireOwnFields(principal, patch)
      const { tenant, id } = await namedWebhook(deps, context)
      const changed = await deps.store.update(tenant, id, (current) =>
        patched(current, patch, deps),
      )
      if (!changed) throw new ProblemError('not_found')
      // Whatever failed was another address. Killed before this, the next probe finds out.
      if (patch.url !== undefined) {
        await deps.circuits.change({ tenant, webhookId: id }, () => undefined)
      }
      if (patch.enabled === false) await deps.tasks.start({ kind: 'disable', tenant, webhook: id })
      return { status: 200, body: await shown(deps, changed, principal) }
    },
  })
}

function patched(current: StoredWebhook, patch: WebhookPatch, deps: WebhookDeps): WebhookSettings {
  if (Object.keys(patch).length === 0) return current
  const nowMs = deps.now()
  const next: Record<string, unknown> = { ...current, updatedAt: nowMs }
  if (patch.url !== undefined) next.url = acceptedUrl(patch.url, deps.policy).href
  if (patch.eventTypes !== undefined) next.eventTypes = patch.eventTypes
  if (patch.headers !== undefined) {
    next.headers = sealedHeaders(current.id, patch.headers ?? {}, deps.vault, current.headers)
  }
  for (const field of OPTIONAL) {
    if (patch[field] === null) delete next[field]
    else if (patch[field] !== undefined) next[field] = patch[field]
  }
  const settings = next as unknown as StoredWebhook
  if (patch.signature !== undefined) requireFittingSecrets(settings, nowMs, deps)
  requireFreeHeader(settings)
  if (patch.enabled === undefined) return settings
  return patch.enabled === false ? disabled(undefined, nowMs)(settings) : enabled(nowMs)(settings)
}

function requireFittingSecrets(settings: StoredWebhook, nowMs: number, { vault }: WebhookDeps) {
  const context = secretContext(settings.id)
  for (const { value } of liveSecrets(settings, nowMs)) {
    const fault = secretFault(vault.open(value, context), settings.signature)
    if (fault === undefined) continue
    const how = 'POST …/rotate-secret {"signature": …} changes both at once'
    throw inputProblem('signature', `A live secret does not fit it (${fault}); ${how}`)
  }
}

export function deleteWebhook(deps: WebhookDeps): Route {
  return route({
    method: 'DELETE',
    path: '/v1/webhooks/:id',
    summary: 'Delete a webhook',
    description: 'Nothing more is sent; a task cancels its open deliveries.',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: webhookParams,
    responses: { 204: { description: 'Deleted' } },
    handle: async (context) => {
      const { id } = context.params
      const tenant = await deps.store.locate(id)
      if (tenant === undefined || !context.sees(tenant)) throw new ProblemError('not_found')
      await deps.store.remove(tenant, id, () =>
        deps.tasks.start({ kind: 'delete', tenant, webhook: id }),
      )
      return { status: 204 }
    },
  })
}
