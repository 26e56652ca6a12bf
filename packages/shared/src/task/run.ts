import { isCaughtUp } from '../history/caught-up.ts'
import type { Page } from '../history/page.ts'
import type { TaskStore } from './store.ts'
import { isEnding, isLive, type Target, type Task, type TaskProgress } from './task.ts'
import { type NoWork, type TaskWork, type WorkDeps, workOf } from './work.ts'

export interface RunDeps extends WorkDeps {
  readonly store: TaskStore
  /** Redis' time in ms. */
  readonly now: () => number
}

/** When the next slice of a task is due; nothing when the task has ended. */
export interface SliceResult {
  readonly againMs?: number
}

const TARGETS_PER_SLICE = 100
const COUNTED_PER_SLICE = 1_000
const LOOK_AGAIN_MS = 250
/** A turn ends after this, so that a task holds its slot of the queue only for a while. */
const TURN_MS = 400

/**
 * One turn of a task: slices, until its time is over, a rate makes it wait, or it ends.
 *
 * A slice that acts is written down before it is acted on and counted afterwards. Killed in between,
 * exactly its deliveries are acted on again, which does nothing to those that were reached, and are
 * counted once. Whatever throws leaves the task where it is; its job runs again.
 */
export async function runTaskSlice(deps: RunDeps, taskId: string): Promise<SliceResult> {
  const turnEndsMs = deps.now() + TURN_MS
  for (;;) {
    const task = await deps.store.get(taskId)
    if (!task || !isLive(task.state)) return {}
    const result = await runSlice(deps, task)
    if (result.againMs === undefined) return result
    if (result.againMs > 0 || deps.now() >= turnEndsMs) return result
  }
}

async function runSlice(deps: RunDeps, task: Task): Promise<SliceResult> {
  const { progress } = task
  if (progress.phase === 'wait') return await waitForLists(deps, task)
  const work = await workOf(deps, task)
  if ('end' in work) return await endWithout(deps, task, work)
  if (progress.phase === 'count') return await count(deps, task, work)
  const waitMs = (progress.paidUntilMs ?? 0) - deps.now()
  if (!task.slice && waitMs > 0) return { againMs: waitMs } // A job that runs again may come early.
  if (!task.slice) return await begin(deps, task, work)
  return await act(deps, task, work, task.slice.targets)
}

async function endWithout({ store }: RunDeps, task: Task, why: NoWork): Promise<SliceResult> {
  const { done, failed } = task.progress
  await store.advance(task, { progress: { ...task.progress, total: done + failed }, ...why })
  return {}
}

async function count({ store }: RunDeps, task: Task, { find }: TaskWork): Promise<SliceResult> {
  const { progress } = task
  const { items, next } = await find(progress.after, COUNTED_PER_SLICE)
  const total = progress.total + items.length
  const counted: TaskProgress = next
    ? { ...progress, total, after: next }
    : { phase: 'act', total, done: 0, failed: 0 }
  return goesOn(await store.advance(task, { progress: counted }))
}

/** Finds the next deliveries and writes them down. */
async function begin(deps: RunDeps, task: Task, { find }: TaskWork): Promise<SliceResult> {
  const { items, next } = await find(task.progress.after, sliceSize(task))
  if (items.length === 0) return await finishSlice(deps, task, { items, next }, 0)
  const progress = { ...task.progress, total: totalWith(task, items.length) }
  return goesOn(await deps.store.advance(task, { progress, slice: { targets: items, next } }))
}

async function act(
  deps: RunDeps,
  task: Task,
  work: TaskWork,
  targets: readonly Target[],
): Promise<SliceResult> {
  const gone = await work.act(targets)
  return await finishSlice(deps, task, { items: targets, next: task.slice?.next }, gone)
}

async function finishSlice(
  { store, now }: RunDeps,
  task: Task,
  { items, next }: Page<Target>,
  gone: number,
): Promise<SliceResult> {
  const nowMs = now()
  const progress: TaskProgress = {
    ...task.progress,
    after: next,
    done: task.progress.done + items.length - gone,
    failed: task.progress.failed + gone,
    paidUntilMs: paidUntil(task, items.length, nowMs),
  }
  if (next) {
    const goes = await store.advance(task, { progress })
    return goes ? { againMs: Math.max(0, (progress.paidUntilMs ?? 0) - nowMs) } : {}
  }
  if (isEnding(task.spec) && task.progress.phase === 'act') {
    const waiting = { ...progress, phase: 'wait' as const, waitForMs: nowMs }
    return goesOn(await store.advance(task, { progress: waiting }))
  }
  // What was counted and needed nothing any more when it was reached is not told.
  const total = progress.done + progress.failed
  await store.advance(task, { progress: { ...progress, total }, end: 'done' })
  return {}
}

async function waitForLists(deps: RunDeps, task: Task): Promise<SliceResult> {
  const { redis, shards } = deps.history
  if (!(await isCaughtUp(redis, shards, task.progress.waitForMs ?? 0))) {
    return { againMs: LOOK_AGAIN_MS }
  }
  const phase = isEnding(task.spec) ? 'again' : 'count'
  const progress: TaskProgress = { ...task.progress, phase, after: undefined }
  return goesOn(await deps.store.advance(task, { progress }))
}

const goesOn = (goes: boolean): SliceResult => (goes ? { againMs: 0 } : {})

const rateOf = ({ spec }: Task) => ('ratePerSecond' in spec ? spec.ratePerSecond : undefined)

/** With a rate: what half a second allows, so that it is kept evenly. */
function sliceSize(task: Task): number {
  const rate = rateOf(task)
  if (rate === undefined) return TARGETS_PER_SLICE
  return Math.max(1, Math.min(TARGETS_PER_SLICE, Math.floor(rate / 2)))
}

function paidUntil(task: Task, handled: number, nowMs: number): number {
  const rate = rateOf(task)
  if (rate === undefined) return 0
  return Math.max(task.progress.paidUntilMs ?? 0, nowMs) + (handled / rate) * 1_000
}

const totalWith = ({ progress }: Task, found: number) =>
  Math.max(progress.total, progress.done + progress.failed + found)

/** How many deliveries a task would handle, without handling any: a dry run. */
export async function countTargets(
  deps: WorkDeps,
  task: Pick<Task, 'spec' | 'createdMs'>,
): Promise<number> {
  const work = await workOf(deps, task)
  if ('end' in work) return 0
  let total = 0
  let page: Page<Target> = { items: [], next: undefined }
  do {
    page = await work.find(page.next, COUNTED_PER_SLICE)
    total += page.items.length
  } while (page.next)
  return total
}
