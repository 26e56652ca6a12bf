import type { Shutdown } from './shutdown.ts'

/** Long enough for a restart of Redis and a quick fail-over. */
const WAIT_FOR_REDIS_MS = 5_000
const LOOK_EVERY_MS = 100

interface LeaveOptions {
  readonly shutdown: Pick<Shutdown, 'signal' | 'leave'>
  /** Resolves when Redis has answered, however long that takes. */
  readonly ask: () => Promise<unknown>
  readonly waitMs?: number
}

/**
 * A process that is to end waits for what it has in the air to end and to be recorded. Without Redis
 * nothing can be: then it waits a moment for Redis, and leaves. What it has sent and not recorded comes
 * back by its lease or its job's lock, and is sent again by another process.
 *
 * The silence is counted in looks, not by the clock: a process that was itself held up (stopped, or out
 * of CPU) has not waited for anybody.
 */
export function leaveWithoutRedis({
  shutdown,
  ask,
  waitMs = WAIT_FOR_REDIS_MS,
}: LeaveOptions): void {
  shutdown.signal.addEventListener('abort', () => {
    let asked = false
    let silentMs = 0
    const answered = () => {
      asked = false
      silentMs = 0
    }
    const look = () => {
      if (!asked) {
        asked = true
        ask().then(answered, () => {
          asked = false
        })
      }
      silentMs += LOOK_EVERY_MS
      if (silentMs > waitMs) shutdown.leave('Redis is away: what is in the air cannot be recorded')
    }
    look()
    setInterval(look, LOOK_EVERY_MS).unref()
  })
}
