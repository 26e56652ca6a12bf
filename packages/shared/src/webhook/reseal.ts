import { liveSecrets } from './change.ts'
import { headerContext, secretContext, type Vault, VaultError } from './vault.ts'
import type { StoredWebhook, WebhookSettings } from './webhook.ts'

/** A webhook with everything sealed by the newest key that could be. */
export interface Resealed {
  /** The very same webhook when there was nothing to do. */
  readonly settings: WebhookSettings
  /** Values that no key opens: they stay as they are. */
  readonly left: number
}

/**
 * Seals anew what an older key sealed, so that this key may go. Secrets whose overlap has ended sign
 * nothing any more and are dropped with that. Pure, but for the random bytes of a new seal.
 */
export function resealed(webhook: StoredWebhook, vault: Vault, nowMs: number): Resealed {
  let [renewed, left] = [0, 0]
  const renew = (sealed: string, context: string): string => {
    try {
      const value = vault.renew(sealed, context)
      if (value !== sealed) renewed++
      return value
    } catch (error) {
      if (!(error instanceof VaultError)) throw error
      left++
      return sealed
    }
  }
  const secrets = liveSecrets(webhook, nowMs).map((secret) => ({
    ...secret,
    value: renew(secret.value, secretContext(webhook.id)),
  }))
  const headers = Object.fromEntries(
    Object.entries(webhook.headers).map(([name, sealed]) => [
      name,
      renew(sealed, headerContext(webhook.id, name)),
    ]),
  )
  return { settings: renewed > 0 ? { ...webhook, secrets, headers } : webhook, left }
}
