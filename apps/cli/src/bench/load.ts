import { setTimeout as pause } from 'node:timers/promises'
import type { Posthorn } from 'posthorn'
import type { BenchReceiver } from './receiver.ts'

export interface LoadOptions {
  readonly client: Posthorn
  readonly receiver: BenchReceiver
  readonly type: string
  readonly events: number
  /** Publishes at a time: a closed loop. */
  readonly connections: number
  readonly bytes: number
  readonly tenant: { readonly tenant?: string }
  readonly onProgress: (delivered: number) => void
}

export interface LoadResult {
  readonly published: number
  readonly delivered: number
  readonly publishedPerSecond: number
  readonly deliveredPerSecond: number
  readonly ackMs: readonly number[]
  /** From when the publish began until the request came here. */
  readonly arrivalMs: readonly number[]
}

const LOOK_EVERY_MS = 50
/** Without one more arrival in so long the rest is given up. */
const PATIENCE_MS = 15_000

/** @throws PosthornError when a publish was refused */
export async function loadInstance(options: LoadOptions): Promise<LoadResult> {
  const { client, receiver, type, events, connections, bytes, tenant, onProgress } = options
  const data = { text: 'x'.repeat(Math.max(0, bytes - JSON.stringify({ text: '' }).length)) }
  const begunMs = new Map<string, number>()
  const ackMs: number[] = []
  const startMs = performance.now()
  let next = 0
  const publishSome = async () => {
    while (next < events) {
      next++
      const fromMs = performance.now()
      const { id } = await client.publish({ type, data, ...tenant })
      ackMs.push(performance.now() - fromMs)
      begunMs.set(id, fromMs)
      if (ackMs.length % 50 === 0) onProgress(receiver.arrivedMs.size)
    }
  }
  await Promise.all(Array.from({ length: connections }, publishSome))
  const publishedMs = performance.now()
  await allArrived(receiver, events, onProgress)
  const arrivals = [...begunMs].flatMap(([id, fromMs]) => {
    const atMs = receiver.arrivedMs.get(id)
    return atMs === undefined ? [] : [{ atMs, tookMs: atMs - fromMs }]
  })
  const lastMs = arrivals.reduce((latest, { atMs }) => Math.max(latest, atMs), startMs)
  return {
    published: ackMs.length,
    delivered: arrivals.length,
    publishedPerSecond: perSecond(ackMs.length, publishedMs - startMs),
    deliveredPerSecond: perSecond(arrivals.length, lastMs - startMs),
    ackMs,
    arrivalMs: arrivals.map(({ tookMs }) => tookMs),
  }
}

async function allArrived(
  { arrivedMs }: BenchReceiver,
  events: number,
  onProgress: (delivered: number) => void,
): Promise<void> {
  let before = arrivedMs.size
  let changedMs = performance.now()
  while (arrivedMs.size < events && performance.now() - changedMs < PATIENCE_MS) {
    await pause(LOOK_EVERY_MS)
    if (arrivedMs.size > before) changedMs = performance.now()
    before = arrivedMs.size
    onProgress(before)
  }
}

const perSecond = (events: number, ms: number): number => (ms > 0 ? (events / ms) * 1_000 : 0)
