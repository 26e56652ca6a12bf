import { Command } from 'ioredis'
import { sinceWritten } from './one-write.ts'

/**
 * Counts a command's time from when it is written, and lets it run out only when its answer is not in the
 * socket either. A process that was held up (out of CPU, a long turn of the event loop) sees its timers
 * before its sockets: by ioredis' own timer every command in the air would fail then, though Redis has long
 * answered. Between a timer and `setImmediate` the event loop reads what has come. A Redis that is silent
 * is noticed as soon as before.
 *
 * ioredis has no option for this, and makes connections of its own (Cluster): hence at its class.
 */
export function readBeforeTimeout(): void {
  Command.prototype.setTimeout = function (this: Command, ms: number) {
    // Under ioredis' own name for it, so that an answer clears it.
    const timers = this as unknown as { _commandTimeoutTimer?: NodeJS.Timeout }
    if (timers._commandTimeoutTimer) return
    const waitedMs = sinceWritten()
    const giveUp = () => {
      if (this.isSettled) return
      const leftMs = ms - waitedMs()
      if (leftMs > 1) start(leftMs)
      else this.reject(new Error('Command timed out'))
    }
    const start = (afterMs: number) => {
      timers._commandTimeoutTimer = setTimeout(() => setImmediate(giveUp), afterMs)
    }
    start(ms)
  }
}
