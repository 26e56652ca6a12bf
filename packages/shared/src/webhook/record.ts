import type { StoredWebhook, WebhookSettings } from './webhook.ts'

/**
 * How a webhook stands in its tenant's hash: `<created>.<updated> <json>`. The versions stand before
 * the JSON because the script that assigns them must not re-encode it: Lua's cjson turns `[]` into
 * `{}` and rounds numbers.
 */
export function decodeWebhook(text: string): StoredWebhook {
  const space = text.indexOf(' ')
  const [created, updated] = text.slice(0, space).split('.')
  return {
    ...(JSON.parse(text.slice(space + 1)) as WebhookSettings),
    createdVersion: Number(created),
    updatedVersion: Number(updated),
  }
}

/**
 * What stands for a webhook whose record cannot be read: it matches nothing, and what is open for it waits,
 * since nothing can be sent to no URL. Absent would mean deleted.
 */
export const unreadableWebhook = (tenant: string, id: string): StoredWebhook => ({
  id,
  tenant,
  url: '',
  eventTypes: [],
  enabled: true,
  paused: false,
  headers: {},
  secrets: [],
  createdAt: 0,
  updatedAt: 0,
  createdVersion: 0,
  updatedVersion: 0,
})

/** The JSON part; the script puts the versions before it. */
export function encodeSettings(webhook: WebhookSettings & Partial<StoredWebhook>): string {
  const { createdVersion: _created, updatedVersion: _updated, ...settings } = webhook
  return JSON.stringify(settings)
}
