import { periodic } from '@posthorn/shared/runtime/periodic.ts'

/**
 * A stream outlives the trust that its key has with a request. Looked at this often, it ends before the
 * deletion of its key is answered, 300 ms after the key has gone (docs/decisions/0003).
 */
const LOOK_EVERY_MS = 150

interface RightWatch {
  /** Aborted when the key or the session has gone. */
  readonly signal: AbortSignal
  stop(): void
}

/** While Redis is away a right stays as it was: nothing comes to be told either. */
export function watchRight(exists: () => Promise<boolean>): RightWatch {
  const gone = new AbortController()
  const look = async () => {
    if (!(await exists())) gone.abort()
  }
  const looking = periodic(LOOK_EVERY_MS, look, () => undefined)
  return { signal: gone.signal, stop: () => void looking.stop() }
}
