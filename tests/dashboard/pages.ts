import type { World } from './world.ts'

/** Every page by name, with some of everything to show. */
export function pagesOf({
  tenant,
  billing,
  event,
  dead,
  trial,
}: World): Readonly<Record<string, string>> {
  return {
    home: '/',
    webhooks: '/webhooks',
    webhook: `/webhooks/${billing.id}?window=1h`,
    'webhook-deliveries': `/webhooks/${billing.id}?tab=deliveries`,
    'webhook-settings': `/webhooks/${billing.id}?tab=settings`,
    events: '/events',
    event: `/events/${event}?tenant=${tenant.name}`,
    deliveries: '/deliveries',
    delivery: `/deliveries/${dead}`,
    comparison: `/deliveries/${dead}?attempt=2&compare=1`,
    'dead-letters': '/dead-letters',
    causes: '/dead-letters?view=groups',
    live: '/live',
    tasks: '/tasks',
    operations: '/operations',
    access: '/access',
    'test-receiver': `/test-receiver?tenant=${trial.name}`,
  }
}
