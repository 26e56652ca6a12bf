import type { Route } from '../http/route.ts'
import { deleteWebhook, patchWebhook } from './change.ts'
import { checkUrl } from './check-url.ts'
import { createWebhook } from './create.ts'
import type { WebhookDeps } from './deps.ts'
import { listWebhooks, readWebhook } from './read.ts'
import { readSecret, rotateSecret } from './secret.ts'
import { switchRoutes } from './switch.ts'
import { testWebhook } from './test-event.ts'

/** All routes of webhooks but `stats` and `replay`, which the history answers. */
export function webhookRoutes(deps: WebhookDeps): Route[] {
  return [
    listWebhooks(deps),
    createWebhook(deps),
    checkUrl(deps),
    readWebhook(deps),
    patchWebhook(deps),
    deleteWebhook(deps),
    readSecret(deps),
    rotateSecret(deps),
    ...switchRoutes(deps),
    testWebhook(deps),
  ]
}
