import type { WorkerConfig } from '../runtime/config.ts'
import { lookupByServers } from './resolve-servers.ts'
import { Sender } from './sender.ts'

type EgressConfig = Pick<WorkerConfig, 'allowCidrs' | 'dnsServers'>

/**
 * The sender that the environment asks for.
 * @param now wall clock in milliseconds
 */
export function openSender(
  { allowCidrs, dnsServers }: EgressConfig,
  now: () => number,
  maxConnectionsPerOrigin?: number,
): Sender {
  return new Sender({
    allowCidrs,
    now,
    ...(maxConnectionsPerOrigin && { maxConnectionsPerOrigin }),
    ...(dnsServers && { lookup: lookupByServers(dnsServers) }),
  })
}
