import type { Reopener } from '../delivery/reopen.ts'
import type { Fits } from '../filter/compile.ts'
import type { HistoryDeps } from '../history/deliveries.ts'
import { deadLetterTargets, type FindTargets, openTargets, replayTargets } from './targets.ts'
import type { EndingSpec, SpecOf, Target, TaskSpec } from './task.ts'

/** What tasks do to deliveries. Each call is idempotent for the round it names. */
export type TaskActions = Pick<Reopener, 'reopen' | 'purge' | 'end'>

/** What tasks ask about webhooks: as they are now. */
export interface TaskWebhooks {
  current(tenant: string): Promise<{
    get(
      id: string,
    ):
      | { readonly config: { readonly enabled: boolean }; readonly filter?: Fits | undefined }
      | undefined
    match(type: string): readonly { readonly id: string }[]
  }>
}

export interface WorkDeps {
  readonly history: HistoryDeps
  readonly actions: TaskActions
  readonly webhooks: TaskWebhooks
}

/** The work of one task, as of now. */
export interface TaskWork {
  readonly find: FindTargets
  /** @returns how many could not be handled because they are gone */
  readonly act: (targets: readonly Target[]) => Promise<number>
}

/** Why a task has nothing to do any more: it ends as done, or as failed with the error. */
export type NoWork = { readonly end: 'done' } | { readonly end: 'failed'; readonly error: string }

export async function workOf(
  deps: WorkDeps,
  { spec, createdMs }: { spec: TaskSpec; createdMs: number },
): Promise<TaskWork | NoWork> {
  const { history, actions } = deps
  switch (spec.kind) {
    case 'redrive':
      return {
        find: deadLetterTargets(history, spec, createdMs),
        act: (targets) => reopenSeen(actions, targets, 'manual', true),
      }
    case 'purge':
      return {
        find: deadLetterTargets(history, spec, createdMs),
        act: (targets) => each(targets, (target) => actions.purge(target, target.seenRound)),
      }
    case 'replay':
      return await replayWork(deps, spec, createdMs)
    default:
      return await endingWork(deps, spec, createdMs)
  }
}

async function replayWork(
  { history, actions, webhooks }: WorkDeps,
  spec: SpecOf<'replay'>,
  createdMs: number,
): Promise<TaskWork | NoWork> {
  const tenant = await webhooks.current(spec.tenant)
  const webhook = tenant.get(spec.webhook)
  if (!webhook) return { end: 'failed', error: 'The webhook was deleted' }
  if (!webhook.config.enabled) return { end: 'failed', error: 'The webhook is disabled' }
  const takesType = (type: string) => tenant.match(type).some(({ id }) => id === spec.webhook)
  const wanted = { takesType, filter: webhook.filter }
  return {
    find: replayTargets(history, spec, createdMs, wanted),
    act: (targets) => reopenSeen(actions, targets, 'replay', false),
  }
}

/** A webhook that was enabled again meanwhile keeps what is open. */
async function endingWork(
  { history, actions, webhooks }: WorkDeps,
  spec: EndingSpec,
  createdMs: number,
): Promise<TaskWork | NoWork> {
  const webhook = (await webhooks.current(spec.tenant)).get(spec.webhook)
  if (webhook?.config.enabled) return { end: 'done' }
  const as = spec.kind === 'disable' && webhook ? 'disabled' : 'cancelled'
  return {
    find: openTargets(history, spec, createdMs),
    act: (targets) => each(targets, (target) => actions.end(target, as)),
  }
}

async function each(
  targets: readonly Target[],
  act: (target: Target) => Promise<string>,
): Promise<number> {
  const results = await Promise.all(targets.map(act))
  return results.filter((result) => result === 'missing').length
}

/** Reopens each only if it is still in the round it was seen in, so that a repeat does nothing. */
async function reopenSeen(
  actions: TaskActions,
  targets: readonly Target[],
  trigger: 'manual' | 'replay',
  onlyDead: boolean,
): Promise<number> {
  const byRound = Map.groupBy(targets, ({ seenRound }) => seenRound)
  const results = await Promise.all(
    [...byRound].map(([seenRound, group]) =>
      actions.reopen(group, trigger, { onlyDead, seenRound }),
    ),
  )
  return results.flat().filter((result) => result === 'missing').length
}
