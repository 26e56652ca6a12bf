import { hostname } from 'node:os'
import type { CreatedWebhook, Posthorn } from 'posthorn'

// A listener is a webhook of its own that stays paused: its deliveries wait in Posthorn until they are
// fetched. Nobody has to reach this machine.

const MARK = 'posthorn-listen'
/** Never sent to. The name cannot exist (RFC 6761). */
const NOWHERE = 'https://listen.invalid/'

export async function openListener(
  client: Posthorn,
  eventTypes: string[],
  tenant: { readonly tenant?: string },
): Promise<CreatedWebhook> {
  const webhook = await client.webhooks.create({
    url: NOWHERE,
    eventTypes,
    // Not before it is paused: nothing is to be sent.
    enabled: false,
    name: `posthorn listen on ${hostname()}`,
    metadata: { [MARK]: `${hostname()} ${process.pid}` },
    ...tenant,
  })
  await client.webhooks.pause(webhook.id)
  await client.webhooks.enable(webhook.id)
  return webhook
}

/**
 * Removes those whose process on this machine was killed: their deliveries would wait for ever.
 * @returns their ids
 */
export async function removeAbandoned(
  client: Posthorn,
  tenant: { readonly tenant?: string },
): Promise<string[]> {
  const removed: string[] = []
  for await (const { id, metadata } of client.webhooks.list(tenant)) {
    const [host, pid] = (metadata[MARK] ?? '').split(' ')
    if (host !== hostname() || isAlive(Number(pid))) continue
    await client.webhooks.delete(id)
    removed.push(id)
  }
  return removed
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
