import type { WebhookChange } from './store.ts'
import type { StoredSecret, StoredWebhook, WebhookSettings } from './webhook.ts'

// What can happen to a webhook, as pure functions for `WebhookStore.update`. One that changes nothing
// answers the very same webhook, and then nothing is written.

/** No new deliveries are made and none is sent. `reason` is for people; without, an old one stays. */
export const disabled =
  (reason: string | undefined, nowMs: number): WebhookChange =>
  (current) => {
    const said = reason === undefined || reason === current.disabledReason
    if (!current.enabled && said) return current
    const { disabledReason: _old, ...rest } = current
    const because = reason === undefined ? {} : { disabledReason: reason }
    return { ...rest, ...because, enabled: false, updatedAt: nowMs }
  }

export const enabled =
  (nowMs: number): WebhookChange =>
  (current) => {
    if (current.enabled) return current
    const { disabledReason: _old, ...rest } = current
    return { ...rest, enabled: true, enabledAt: nowMs, updatedAt: nowMs }
  }

/** Its receiver answered 410 at `goneMs`. May be applied again, at any later time. */
export const gone = (goneMs: number, nowMs: number): WebhookChange =>
  disabledForOld(goneMs, 'The receiver answered 410 Gone', nowMs)

/** Nothing was delivered since `failingSinceMs`. */
export const hopeless = (failingSinceMs: number, reason: string, nowMs: number): WebhookChange =>
  disabledForOld(failingSinceMs, reason, nowMs)

/** Who has enabled the webhook since what was seen at `seenMs` wants it enabled. */
const disabledForOld =
  (seenMs: number, reason: string, nowMs: number): WebhookChange =>
  (current) =>
    !current.enabled || (current.enabledAt ?? current.createdAt) > seenMs
      ? current
      : disabled(reason, nowMs)(current)

export const paused =
  (value: boolean, nowMs: number): WebhookChange =>
  (current) => {
    if (current.paused === value) return current
    const since = value ? {} : { resumedAt: nowMs }
    return { ...current, ...since, paused: value, updatedAt: nowMs }
  }

/** The secrets that sign at `nowMs`, newest first. */
export function liveSecrets(
  webhook: Pick<WebhookSettings, 'secrets'>,
  nowMs: number,
): StoredSecret[] {
  return webhook.secrets.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > nowMs)
}

/**
 * `value` (sealed) becomes the newest secret. The one before signs for `overlapMs` more; those that
 * were in overlap already keep their own end, and what has ended is dropped.
 */
export const rotated =
  (value: string, overlapMs: number, nowMs: number): WebhookChange =>
  (current: StoredWebhook) => {
    const secrets = liveSecrets(current, nowMs).map((secret) => ({
      ...secret,
      expiresAt: secret.expiresAt ?? nowMs + overlapMs,
    }))
    const live = secrets.filter(({ expiresAt }) => expiresAt > nowMs)
    return { ...current, secrets: [{ value, createdAt: nowMs }, ...live], updatedAt: nowMs }
  }

/** The newest secret stays; those before it sign for `overlapMs` more at most. Ends an overlap early. */
export const overlapEnds =
  (overlapMs: number, nowMs: number): WebhookChange =>
  (current: StoredWebhook) => {
    const [newest, ...before] = liveSecrets(current, nowMs)
    const secrets = before
      .map((secret) => ({
        ...secret,
        expiresAt: Math.min(secret.expiresAt ?? 0, nowMs + overlapMs),
      }))
      .filter(({ expiresAt }) => expiresAt > nowMs)
    return { ...current, secrets: newest ? [newest, ...secrets] : secrets, updatedAt: nowMs }
  }
