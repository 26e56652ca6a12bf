import { type Command, Redis } from 'ioredis'
import { sinceWritten } from './one-write.ts'

/** What ioredis keeps to itself. */
interface Watched extends Pick<Redis, 'stream' | 'options' | 'commandQueue'> {
  socketTimeoutTimer?: NodeJS.Timeout | undefined
  setSocketTimeout(): void
}

/**
 * Gives a connection up whose Redis has left a command unanswered for `socketTimeout`. When a host or a
 * route vanishes (a fail-over by address, a firewall that forgot the connection) no packet says so, and
 * TCP itself notices after a quarter of an hour.
 *
 * ioredis' own `socketTimeout` takes a command that blocks for silence, and a process that was held up
 * for a silent Redis: here a blocking command has its own time on top, and what came meanwhile is read
 * first (see `command-timeout.ts`).
 */
export function giveUpSilentConnections(): void {
  const prototype = Redis.prototype as unknown as Watched
  prototype.setSocketTimeout = function (this: Watched) {
    const { stream } = this
    const { socketTimeout = 0 } = this.options
    const oldest = this.commandQueue.peekFront()?.command as Command | undefined
    let heard = false
    let timer: NodeJS.Timeout
    const allowedMs = socketTimeout + (oldest?.extractBlockingTimeout() ?? 0)
    const silentMs = sinceWritten()
    const giveUp = () => {
      if (heard || this.stream !== stream) return
      const leftMs = allowedMs - silentMs()
      if (leftMs > 1) start(leftMs)
      else stream.destroy(new Error(`Redis was silent for ${socketTimeout} ms`))
    }
    const start = (afterMs: number) => {
      timer = setTimeout(() => setImmediate(giveUp), afterMs)
      this.socketTimeoutTimer = timer
    }
    start(allowedMs)
    stream.once('data', () => {
      heard = true
      clearTimeout(timer)
      // Of a connection that was replaced meanwhile.
      if (this.socketTimeoutTimer !== timer) return
      this.socketTimeoutTimer = undefined
      if (this.commandQueue.length > 0) this.setSocketTimeout()
    })
  }
}
