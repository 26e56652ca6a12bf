import { setTimeout as pause } from 'node:timers/promises'

export interface WaitOptions {
  /** What is waited for, as it should read in a failure: "Waited 10000 ms for …". */
  readonly what: string
  readonly timeoutMs?: number
  readonly everyMs?: number
  /** Added to the failure: ledgers, the tail of a log. */
  readonly context?: () => string | Promise<string>
}

type Truthy<T> = Exclude<T, false | null | undefined>

const TIMEOUT_MS = 15_000
const EVERY_MS = 20

/**
 * Waits until `probe` gives something truthy and returns it.
 * A probe that throws counts as "not yet"; its last error stands in the failure.
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  options: WaitOptions,
): Promise<Truthy<T>> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  const deadline = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value) return value as Truthy<T>
      last = value
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) break
    await pause(options.everyMs ?? EVERY_MS)
  }
  const context = (await options.context?.()) ?? ''
  const seen = last instanceof Error ? last.message : JSON.stringify(last)
  throw new Error(`Waited ${timeoutMs} ms for ${options.what}; last seen: ${seen}\n${context}`)
}

/** A promise and its key: lets a test hold a receiver's answer until it has looked around. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

/** Runs `work` for each item, at most `limit` at once; results in the items' order. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  async function lane(): Promise<void> {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index] as T, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  return results
}

/** The numbers 0 to n - 1. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index)
}
