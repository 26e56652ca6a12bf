import { machineMs } from '../process/clock.ts'
import { Publisher } from './publisher.ts'
import { type EventKind, type Target, typeOf } from './target.ts'

export interface CountLoad {
  readonly target: Target
  readonly kind: EventKind
  readonly events: number
}

export interface CountLoadResult {
  readonly accepted: number
  readonly refused: number
  readonly publishesPerSecond: number
}

/** Publishes a number of events as fast as they are taken. */
export async function countLoad({ target, kind, events }: CountLoad): Promise<CountLoadResult> {
  const publisher = await Publisher.open(target, typeOf(kind), kind)
  const fill = () => {
    while (publisher.hasFree && publisher.started < events) publisher.publish(machineMs())
  }
  publisher.onFree = fill
  const startMs = machineMs()
  fill()
  await publisher.whenIdle()
  const publishesPerSecond = (publisher.accepted / (machineMs() - startMs)) * 1_000
  publisher.close()
  return { accepted: publisher.accepted, refused: publisher.refused, publishesPerSecond }
}
