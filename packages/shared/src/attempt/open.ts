import type { WorkerConfig } from '../runtime/config.ts'
import { lookupByServers } from './resolve-servers.ts'
import { Sender } from './sender.ts'

type EgressConfig = Pick<WorkerConfig, 'allowCidrs' | 'dnsServers' | 'egressProxy'>

interface SenderEdges {
  /** Wall clock in milliseconds. */
  readonly now: () => number
  readonly log: {
    warn(message: string): void
    info(message: string): void
  }
  readonly maxConnectionsPerOrigin?: number
}

/** The sender that the environment asks for. */
export function openSender(
  config: EgressConfig,
  { now, log, maxConnectionsPerOrigin }: SenderEdges,
): Sender {
  const { allowCidrs, dnsServers, egressProxy } = config
  return new Sender({
    allowCidrs,
    now,
    ...(maxConnectionsPerOrigin && { maxConnectionsPerOrigin }),
    ...(dnsServers && { lookup: lookupByServers(dnsServers) }),
    ...(egressProxy && { proxy: egressProxy }),
    onProxy: (isReachable) => {
      if (isReachable) log.info('the egress proxy can be reached again')
      else log.warn('the egress proxy cannot be reached: nothing is sent until it can')
    },
  })
}
