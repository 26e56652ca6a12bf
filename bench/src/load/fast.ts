import { setTimeout as sleep } from 'node:timers/promises'
import { machineMs } from '../process/clock.ts'
import { PublishConnection } from './connection.ts'
import { publishBody } from './payload.ts'
import { type EventKind, type Target, typeOf } from './target.ts'

export interface FastLoad {
  readonly target: Target
  readonly kind: EventKind
  readonly forMs: number
  /** Of each request: with more than one it is a batch. */
  readonly entries: number
}

export interface FastLoadResult {
  /** In all, those of the warm-up included. */
  readonly accepted: number
  readonly refused: number
  readonly eventsPerSecond: number
}

const CONNECTIONS = 128
/** Each has some hundred events in the air. */
const BATCH_CONNECTIONS = 4
const WARM_UP_SHARE = 0.25
const PROBLEM = '"problem"'

/** Publishes as fast as it is answered: every kept-alive connection has one request in the air, made once. */
export async function fastLoad({
  target,
  kind,
  forMs,
  entries,
}: FastLoad): Promise<FastLoadResult> {
  const event = publishBody(typeOf(kind), kind.bytes)
  const [to, body, count] =
    entries === 1
      ? [target, event, CONNECTIONS]
      : [{ ...target, path: `${target.path}/batch` }, batchOf(event, entries), BATCH_CONNECTIONS]
  const told = { accepted: 0, refused: 0 }
  let [ended, inTheAir] = [false, 0]
  const idle = Promise.withResolvers<void>()
  const publish = (connection: PublishConnection) => {
    inTheAir++
    connection.publish(machineMs())
  }
  const onAnswer = (connection: PublishConnection, status: number, answer: string) => {
    const refused = status === 202 ? answer.split(PROBLEM).length - 1 : entries
    told.refused += refused
    told.accepted += entries - refused
    inTheAir--
    if (!ended) publish(connection)
    else if (inTheAir === 0) idle.resolve()
  }
  const all = await Promise.all(
    Array.from({ length: count }, () => PublishConnection.open(to, body, onAnswer, idle.reject)),
  )
  for (const connection of all) publish(connection)
  await sleep(forMs * WARM_UP_SHARE)
  const from = { accepted: told.accepted, ms: machineMs() }
  await sleep(forMs)
  const eventsPerSecond = ((told.accepted - from.accepted) / (machineMs() - from.ms)) * 1_000
  ended = true
  await idle.promise
  for (const connection of all) connection.close()
  return { ...told, eventsPerSecond }
}

const batchOf = (event: string, entries: number): string =>
  `[${Array.from({ length: entries }, () => event).join(',')}]`
