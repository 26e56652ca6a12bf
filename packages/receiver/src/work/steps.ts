import type { Job } from 'bullmq'
import type { JobData } from '../receive/received.ts'

/**
 * Runs a part of the work unless an earlier run of the job has done it already; its result, which has
 * to be JSON, is kept in the job. `run` is given a key that is the same at every run of this step of this
 * event: for services that take an idempotency key, because a process may be killed between what a
 * step does and its result being kept.
 */
export type Step = <T>(name: string, run: (key: string) => T | Promise<T>) => Promise<T>

export function stepsOf(job: Job<JobData>): Step {
  const done = new Map(Object.entries(job.data.steps ?? {}))
  const begun = new Set<string>()
  return async <T>(name: string, run: (key: string) => T | Promise<T>): Promise<T> => {
    // The second one would be given the first one's result.
    if (begun.has(name)) throw new TypeError(`There is a step ${name} already`)
    begun.add(name)
    const earlier = done.get(name)
    if (earlier) return earlier.result as T
    const result = await run(`${job.data.event.id}/${name}`)
    // As a later run will see it, so that what does not survive JSON is noticed at the first one.
    const step = JSON.parse(JSON.stringify({ result })) as { result?: T }
    done.set(name, step)
    await job.updateData({ ...job.data, steps: Object.fromEntries(done) })
    return step.result as T
  }
}
