import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { publishAll, withId } from '../load/batch.ts'
import { publishBody } from '../load/payload.ts'
import { ownTypeOf } from '../load/target.ts'
import { startHarness } from '../measure/harness.ts'
import { type Posthorn, startPosthorn } from '../posthorn/system.ts'
import { arrived } from './arrived.ts'
import { liveBytes, tellingLiveBytes } from './live-bytes.ts'
import type { Point } from './slope.ts'

export const WEBHOOKS = 10_000
export const DELIVERIES = 1_000_000
export const EVENTS_PER_SECOND = 1_000
/**
 * Of the deliveries, before those that count: by then everything that is kept for each webhook and origin is
 * there, and the engine has compiled most of what it will. † After 20 % a worker went on to grow by a megabyte;
 * two heap snapshots, at a twentieth of the size, differed by 0.7 MB: three quarters of it were compiled code, most
 * of the rest was the engine's lists of what depends on that.
 */
const WARM_UP_SHARE = 1
const WARM_UP_POINTS = 4
const POINTS = 6
const BATCH = 500
const CREATED_AT_ONCE = 16
/** By then idle connections are closed, and what a worker remembers of its last seconds is of these. */
const REST_SECONDS = 40
const EVENTS_PER_SECOND_AT_REST = 1

export interface MemoryOptions {
  readonly bytes: number
  /** Share of the deliveries and the webhooks. */
  readonly scale: number
  readonly logFolder: string
  readonly progress: (line: string) => void
}

export interface Measured {
  /** Before those that count. */
  readonly warmUp: readonly Point[]
  readonly points: readonly Point[]
}

/** Any address of 127.0.0.0/8 is this machine, so one listener makes an origin of each. */
const hostOf = (webhook: number) => `127.1.${webhook >> 8}.${webhook & 255}`

/** One delivery after another to each of many origins; what is alive after all garbage has been collected. */
export async function measureMemory(options: MemoryOptions): Promise<Measured> {
  const { bytes, scale, logFolder, progress } = options
  const webhooks = Math.ceil(WEBHOOKS * scale)
  const deliveries = Math.ceil(DELIVERIES * scale)
  const folder = mkdtempSync(join(logFolder, 'live-'))
  const harness = await startHarness(0)
  const { receiver } = harness
  const port = await receiver.call('everywhere', null)
  await receiver.call('tellApart', null)
  const env = tellingLiveBytes(folder)
  const posthorn = await startPosthorn({ receiverPorts: [], fanOuts: [], logFolder, env })
  try {
    progress(`${webhooks} webhooks at as many origins`)
    await createAll(posthorn, webhooks, port)
    const bodies = Array.from({ length: webhooks }, (_, i) => publishBody(ownTypeOf(i), bytes))
    const points: Point[] = []
    let [sent, expected] = [0, 0]
    for (const share of shares()) {
      const until = Math.round(deliveries * share)
      await publish(posthorn, bodies, sent, until, EVENTS_PER_SECOND)
      expected += until - sent
      sent = until
      await arrived({ receiver, posthorn, expected, progress })
      await publish(posthorn, bodies.slice(0, 1), 0, REST_SECONDS, EVENTS_PER_SECOND_AT_REST)
      expected += REST_SECONDS
      const liveIn = (part: 'api' | 'worker') => liveBytes(posthorn.pids(part)[0] as number, folder)
      const [api, worker] = [await liveIn('api'), await liveIn('worker')]
      points.push({ deliveries: expected, atMs: performance.now(), api, worker })
      progress(`${expected} deliveries: API ${api.all}, worker ${worker.all} bytes alive`)
    }
    return { warmUp: points.slice(0, WARM_UP_POINTS - 1), points: points.slice(WARM_UP_POINTS - 1) }
  } finally {
    await posthorn.stop()
    harness.stop()
  }
}

/** When it is looked, in shares of the deliveries that count; the warm-up's last look is their first. */
function shares(): number[] {
  const warmUp = Array.from({ length: WARM_UP_POINTS }, (_, i) => (i + 1) / WARM_UP_POINTS)
  const counting = Array.from({ length: POINTS - 1 }, (_, i) => (i + 1) / (POINTS - 1))
  return [
    ...warmUp.map((share) => WARM_UP_SHARE * share),
    ...counting.map((share) => WARM_UP_SHARE + share),
  ]
}

async function createAll({ client }: Posthorn, count: number, port: number): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < count) {
      const i = next++
      const url = `http://${hostOf(i)}:${port}/webhooks`
      await client.createWebhook({ url, eventTypes: [ownTypeOf(i)] })
    }
  }
  await Promise.all(Array.from({ length: CREATED_AT_ONCE }, one))
}

/** Batches at a steady pace, of which each event is for the next webhook. */
async function publish(
  { target }: Posthorn,
  bodies: readonly string[],
  from: number,
  until: number,
  eventsPerSecond: number,
): Promise<void> {
  const run = randomUUID()
  const startMs = performance.now()
  const batchSize = Math.min(BATCH, eventsPerSecond)
  for (let at = from; at < until; at += batchSize) {
    const dueMs = startMs + ((at - from) * 1_000) / eventsPerSecond
    await sleep(Math.max(0, dueMs - performance.now()))
    const size = Math.min(batchSize, until - at)
    await publishAll(
      target,
      Array.from({ length: size }, (_, i) => {
        const body = bodies[(at + i) % bodies.length] as string
        return withId(body, `${run}-${at + i}`)
      }),
    )
  }
}
