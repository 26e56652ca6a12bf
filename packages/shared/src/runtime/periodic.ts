/** Work that is done again and again: never twice at once, and a failure only skips a turn. */
export interface Periodic {
  /** No further turn; resolves when the one under way has ended. */
  stop(): Promise<void>
}

/** The first turn begins at once; the next one `everyMs` after the last has ended. */
export function periodic(
  everyMs: number,
  turn: () => Promise<void>,
  onError: (error: unknown) => void,
): Periodic {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void>
  const run = async () => {
    try {
      await turn()
    } catch (error) {
      onError(error)
    }
    if (stopped) return
    timer = setTimeout(() => {
      running = run()
    }, everyMs)
  }
  running = run()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
