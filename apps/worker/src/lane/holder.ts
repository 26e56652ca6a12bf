import type { Flight, Lanes } from '@posthorn/shared/lane/lane.ts'
import { SEND_WITHIN_MS } from '@posthorn/shared/lane/limits.ts'
import type { Holder } from '../attempt/work.ts'

/** The rest of the time is the network's: until a new connection stands. */
const CONFIRM_AFTER_MS = SEND_WITHIN_MS / 2

export interface LaneHolder extends Holder {
  putBack(): Promise<void>
  /** When it is let go it goes to the head instead, which is not taken before then. */
  rest(untilMs: number): void
  /** The same, for an attempt of which nothing was sent after all. */
  putOff(untilMs: number): void
}

/**
 * What holds a delivery that was taken from a lane. Before its request goes out it is counted anew if
 * it was taken too long ago (the process was busy, its caps were reached): a rate is kept by when
 * requests are made, not by when they were allowed.
 */
export function laneHolder(
  lanes: Pick<Lanes, 'confirm' | 'letGo' | 'putBack' | 'stay'>,
  webhookId: string,
  flight: Flight,
  takenAt: number,
  { isHeld, trial }: Pick<Holder, 'isHeld' | 'trial'>,
): { holder: LaneHolder; letGo: () => Promise<void> } {
  let countedAt = flight.countedAt
  let sent = false
  let returned = false
  let restMs: number | undefined
  const current = () => ({ ...flight, countedAt })
  const mayBegin = async () => {
    if (countedAt !== '' && performance.now() - takenAt > CONFIRM_AFTER_MS) {
      const confirmed = await lanes.confirm(webhookId, current())
      returned = confirmed === undefined
      if (confirmed === undefined) return false
      countedAt = confirmed
    }
    sent = true
    return true
  }
  const putBack = async () => {
    returned = true
    await lanes.putBack(webhookId, current())
  }
  const rest = (untilMs: number) => {
    restMs = untilMs
  }
  const putOff = (untilMs: number) => {
    sent = false
    rest(untilMs)
  }
  return {
    holder: {
      kind: 'lane',
      isHeld,
      mayBegin,
      putBack,
      trial,
      rest,
      putOff,
      stay: flight.limits.ordered ? rest : undefined,
    },
    async letGo() {
      if (returned) return
      if (restMs === undefined) await lanes.letGo(webhookId, current(), sent)
      else await lanes.stay(webhookId, current(), sent, restMs)
    },
  }
}
