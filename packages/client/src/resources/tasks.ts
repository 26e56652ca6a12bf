import type { Task, TaskFilter } from '../api/schema.ts'
import { type List, list } from '../list/list.ts'
import type { CallOptions } from '../request/connection.ts'
import { pause } from '../request/pause.ts'
import { path, type Requests } from './requests.ts'

const OPEN_STATES: readonly Task['state'][] = ['queued', 'running']
const LOOK_EVERY_MS = 500

export interface FollowOptions extends CallOptions {
  readonly everyMs?: number | undefined
}

/** `/v1/tasks`: redrives, purges and replays, which go on by themselves. */
export class Tasks {
  readonly #requests: Requests

  constructor(requests: Requests) {
    this.#requests = requests
  }

  list(filter: TaskFilter = {}, options?: CallOptions): List<Task> {
    return list(this.#requests.connection, '/v1/tasks', filter, options)
  }

  get(id: string, options?: CallOptions): Promise<Task> {
    return this.#requests.get(path`/v1/tasks/${id}`, undefined, options)
  }

  /** What was done stays done. */
  cancel(id: string, options?: CallOptions): Promise<Task> {
    return this.#requests.act('POST', path`/v1/tasks/${id}/cancel`, {}, options)
  }

  /** How far it is, each half second, until it has ended: that is the last value. */
  async *follow(
    id: string,
    { everyMs = LOOK_EVERY_MS, ...options }: FollowOptions = {},
  ): AsyncGenerator<Task, void, undefined> {
    for (;;) {
      const task = await this.get(id, options)
      yield task
      if (!OPEN_STATES.includes(task.state)) return
      await pause(everyMs, options.signal)
    }
  }
}
