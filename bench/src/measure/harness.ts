import type { FloorMethods } from '../floor/main.ts'
import type { LoadMethods } from '../load/main.ts'
import { Peer } from '../process/rpc.ts'
import type { ReceiverMethods } from '../receiver/main.ts'

/** The processes that load and receive, shared by all designs. */
export interface Harness {
  readonly load: Peer<LoadMethods>
  readonly receiver: Peer<ReceiverMethods>
  readonly floor: Peer<FloorMethods>
  readonly receiverPorts: readonly number[]
  readonly progressPort: number
  stop(): void
}

const peer = (folder: string) => new URL(`../${folder}/main.ts`, import.meta.url)

export async function startHarness(subscribers: number): Promise<Harness> {
  const load = new Peer<LoadMethods>(peer('load'))
  const receiver = new Peer<ReceiverMethods>(peer('receiver'))
  const floor = new Peer<FloorMethods>(peer('floor'))
  const { ports, progressPort } = await receiver.call('listen', subscribers)
  return {
    ...{ load, receiver, floor, progressPort },
    receiverPorts: ports,
    stop: () => {
      for (const one of [load, receiver, floor]) one.stop()
    },
  }
}
