import { jobKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { DELIVERIES, type TaskPayload } from '../queue/queues.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { TaskStore } from './store.ts'
import type { Task, TaskSpec } from './task.ts'

export interface StartDeps {
  readonly redis: RedisClient
  readonly store: TaskStore
  readonly queues: readonly ShardQueues[]
}

/** Begins a task. Record first, then its job; killed in between, the sweep of a worker adds the job. */
export async function startTask(deps: StartDeps, spec: TaskSpec): Promise<Task> {
  const task = await deps.store.create(spec)
  await addJob(deps, task.id)
  return task
}

/** Adds the job of every task that is to go on and has none. */
export async function sweepTasks(deps: StartDeps): Promise<void> {
  const { shard } = queuesOf(deps)
  for (const id of await deps.store.live()) {
    if ((await deps.redis.exists(jobKey(shard, DELIVERIES, id))) === 0) await addJob(deps, id)
  }
}

/** A task is one job all its life, named like it: adding it while it is there does nothing. */
async function addJob(deps: StartDeps, id: string): Promise<void> {
  const data: TaskPayload = { v: 1, kind: 'task', id }
  await queuesOf(deps).deliveries.add(data.kind, data, { jobId: id })
}

/** All jobs of tasks are in the first shard: tasks are few. */
const queuesOf = ({ queues }: StartDeps) => queues[0] as ShardQueues
