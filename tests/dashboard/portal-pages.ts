import type { World } from './world.ts'

/** Every page of the portal by name; each takes the token from its fragment. */
export function portalPagesOf(
  { billing, dead }: World,
  token: string,
): Readonly<Record<string, string>> {
  const pages = {
    webhooks: '/webhooks',
    webhook: `/webhooks/${billing.id}?window=1h`,
    'webhook-deliveries': `/webhooks/${billing.id}?tab=deliveries`,
    'webhook-settings': `/webhooks/${billing.id}?tab=settings`,
    deliveries: '/deliveries',
    delivery: `/deliveries/${dead}`,
    comparison: `/deliveries/${dead}?attempt=2&compare=1`,
  }
  return Object.fromEntries(
    Object.entries(pages).map(([name, path]) => [`portal-${name}`, `/portal${path}#${token}`]),
  )
}
