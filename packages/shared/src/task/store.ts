import { newId } from '../event/new-id.ts'
import { liveTasksKey, taskKey, taskOrderKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { TaskState } from './schema.ts'
import { ADVANCE_TASK, CANCEL_TASK, CREATE_TASK } from './scripts.ts'
import {
  firstProgress,
  type Task,
  type TaskProgress,
  type TaskSlice,
  type TaskSpec,
} from './task.ts'

export interface TaskStoreDeps {
  readonly redis: RedisClient
  readonly namespace: string
  /** Redis' time in ms. */
  readonly now: () => number
  /** How long a task can be read after its end. */
  readonly retentionMs: number
}

/** What one step of a runner leaves. */
export interface TaskStep {
  readonly progress: TaskProgress
  readonly slice?: TaskSlice | undefined
  readonly end?: Extract<TaskState, 'done' | 'failed'>
  readonly error?: string
}

/** The tasks of all tenants. They are in one slot, as they are few. */
export class TaskStore {
  readonly #deps: TaskStoreDeps

  constructor(deps: TaskStoreDeps) {
    this.#deps = deps
  }

  async create(spec: TaskSpec): Promise<Task> {
    const { redis, namespace, now } = this.#deps
    const createdMs = Math.round(now())
    const id = newId('task', createdMs)
    const progress = firstProgress(spec, createdMs)
    const keys = [taskKey(namespace, id), taskOrderKey(namespace), liveTasksKey(namespace)]
    if (spec.tenant !== undefined) keys.push(taskOrderKey(namespace, spec.tenant))
    await CREATE_TASK.run(redis, keys, [
      id,
      ...['spec', JSON.stringify(spec), 'progress', JSON.stringify(progress)],
      ...['state', 'queued', 'step', 0, 'created', createdMs],
    ])
    return { id, spec, state: 'queued', createdMs, progress, step: 0 }
  }

  async get(id: string): Promise<Task | undefined> {
    return toTask(id, await this.#deps.redis.hgetall(taskKey(this.#deps.namespace, id)))
  }

  /** Newest first, those before the id `before`. */
  async list(filter: {
    tenant?: string | undefined
    before?: string | undefined
    limit: number
  }): Promise<Task[]> {
    const { redis, namespace } = this.#deps
    const key = taskOrderKey(namespace, filter.tenant)
    const found: Task[] = []
    let { before } = filter
    while (found.length < filter.limit) {
      const max = before === undefined ? '+' : `(${before}`
      const wanted = filter.limit - found.length
      const ids = await redis.zrevrangebylex(key, max, '-', 'LIMIT', 0, wanted)
      const tasks = await Promise.all(ids.map((id) => this.get(id)))
      for (const task of tasks) if (task) found.push(task)
      const gone = ids.filter((_, i) => !tasks[i])
      if (gone.length > 0) await redis.zrem(key, ...gone)
      if (ids.length < wanted) break
      before = ids.at(-1)
    }
    return found
  }

  /** Ids of the tasks that are queued or running. */
  async live(): Promise<string[]> {
    return await this.#deps.redis.smembers(liveTasksKey(this.#deps.namespace))
  }

  /** @returns whether the task goes on: not when it has ended or another runner was faster */
  async advance(task: Task, { progress, slice, end, error }: TaskStep): Promise<boolean> {
    const { redis, namespace, now, retentionMs } = this.#deps
    const answer = await ADVANCE_TASK.run(
      redis,
      [taskKey(namespace, task.id), liveTasksKey(namespace)],
      [
        task.id,
        task.step,
        JSON.stringify(progress),
        slice ? JSON.stringify(slice) : '',
        end ?? '',
        Math.round(now()),
        error ?? '',
        retentionMs,
      ],
    )
    return answer === 1
  }

  /** @returns whether it was still queued or running */
  async cancel(id: string): Promise<boolean> {
    const { redis, namespace, now, retentionMs } = this.#deps
    const keys = [taskKey(namespace, id), liveTasksKey(namespace)]
    return (await CANCEL_TASK.run(redis, keys, [id, Math.round(now()), retentionMs])) === 1
  }
}

function toTask(id: string, fields: Record<string, string>): Task | undefined {
  const { spec, state, created, progress, step, slice, ended, error } = fields
  if (spec === undefined || progress === undefined) return undefined
  return {
    id,
    spec: JSON.parse(spec) as TaskSpec,
    state: state as TaskState,
    createdMs: Number(created),
    progress: JSON.parse(progress) as TaskProgress,
    step: Number(step),
    ...(slice ? { slice: JSON.parse(slice) as TaskSlice } : {}),
    ...(ended ? { endedMs: Number(ended) } : {}),
    ...(error ? { error } : {}),
  }
}
