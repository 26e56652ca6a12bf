import { setTimeout as sleep } from 'node:timers/promises'
import { isCaughtUp } from '@posthorn/shared/history/caught-up.ts'
import { countTargets } from '@posthorn/shared/task/run.ts'
import { taskSchema } from '@posthorn/shared/task/schema.ts'
import { type StartDeps, startTask } from '@posthorn/shared/task/start.ts'
import { type TaskSpec, taskView } from '@posthorn/shared/task/task.ts'
import type { WorkDeps } from '@posthorn/shared/task/work.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { z } from 'zod'
import type { RouteResponse, RouteResult } from '../http/route.ts'

export interface TaskRouteDeps extends WorkDeps {
  readonly tasks: StartDeps
  readonly store: Pick<WebhookStore, 'find'>
  /** Redis' time in ms. */
  readonly now: () => number
}

/** In the body of every route that starts a task. */
export const taskParameters = {
  ratePerSecond: z
    .number()
    .min(0.01)
    .max(10_000)
    .optional()
    .meta({ description: 'Deliveries per second at the most' }),
  dryRun: z.boolean().optional().meta({ description: 'Only counts' }),
}

export const taskResponses: Record<number, RouteResponse> = {
  200: {
    description: 'A dry run: how many deliveries it would be',
    schema: z.strictObject({ count: z.int() }),
  },
  202: { description: 'The task that does it', schema: taskSchema },
}

/** Starts the task, or counts what it would do. */
export async function startOrCount(
  deps: TaskRouteDeps,
  spec: TaskSpec,
  dryRun: boolean | undefined,
): Promise<RouteResult> {
  if (!dryRun) return { status: 202, body: taskView(await startTask(deps.tasks, spec)) }
  const createdMs = Math.round(deps.now())
  await listsUpTo(deps, createdMs)
  return { status: 200, body: { count: await countTargets(deps, { spec, createdMs }) } }
}

const LISTS_LAG_MS = 1_000
const LOOK_AGAIN_MS = 50

/** The count is to hold what its caller has seen; where nobody keeps the history it is what it is. */
async function listsUpTo({ history, now }: TaskRouteDeps, atMs: number): Promise<void> {
  while (now() < atMs + LISTS_LAG_MS && !(await isCaughtUp(history.redis, history.shards, atMs))) {
    await sleep(LOOK_AGAIN_MS)
  }
}
