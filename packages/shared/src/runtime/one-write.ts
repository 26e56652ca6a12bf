import { Redis } from 'ioredis'

/** What ioredis keeps to itself. */
type Sending = Pick<Redis, 'stream' | 'sendCommand'>

let isInstalled = false

/**
 * Sends what one turn of the event loop asks of Redis with one write to the socket. ioredis makes a write
 * for each command, and reading it costs Redis more than most commands do: three of one turn cost it
 * half as much with one write (`bench/tried.json`); records, settings, outcomes and jobs of a busy process come several to a turn. Bytes and their
 * order stay as they are, and a command leaves by the end of its turn. Not ioredis' own pipelining, which
 * makes one answer of many: a command that fails there is another one than here.
 *
 * ioredis has no option for this, and makes connections of its own (Cluster): hence at its class.
 */
export function writeOncePerTurn(): void {
  if (isInstalled) return
  isInstalled = true
  const prototype = Redis.prototype as unknown as Sending
  const { sendCommand } = prototype
  prototype.sendCommand = function (this: Sending, ...args: Parameters<Redis['sendCommand']>) {
    const { stream } = this
    if (stream && stream.writableCorked === 0) {
      stream.cork()
      process.nextTick(() => stream.uncork())
    }
    return sendCommand.apply(this as Redis, args)
  }
}

/** Tells how many ms ago what is asked in this turn of the event loop was written, which is at the turn's end. */
export function sinceWritten(): () => number {
  let writtenAt = performance.now()
  process.nextTick(() => {
    writtenAt = performance.now()
  })
  return () => performance.now() - writtenAt
}
