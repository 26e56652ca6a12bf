import type { RedisSafety } from './redis-safety.ts'

/**
 * What a 202 promises beyond "Redis has it in memory":
 * - `fast`: nothing more. What Redis loses is up to its own settings.
 * - `durable`: it is in the append-only file and on the disk of the Redis that took it.
 * - `replicated`: so many replicas have it in memory.
 */
export type Durability =
  | { readonly kind: 'fast' }
  | { readonly kind: 'durable' }
  | { readonly kind: 'replicated'; readonly replicas: number }

/** How the writes of a publish are confirmed, before it is answered. */
export type Confirmation =
  /** Redis' answer to the write says it all. */
  | 'by-answer'
  /** `WAITAOF 1 0`. */
  | 'waitaof'
  /** `WAIT <replicas>`. */
  | { readonly replicas: number }
  /** It cannot be: no event is taken. */
  | 'impossible'

export const WAITAOF_SINCE = '7.2'

/**
 * With `appendfsync always` Redis answers a write only when it is on disk; it has had `WAITAOF`, which
 * proves it, since 7.2. Pure.
 */
export function confirmationFor(durability: Durability, safety: RedisSafety): Confirmation {
  switch (durability.kind) {
    case 'fast':
      return 'by-answer'
    case 'replicated':
      return { replicas: durability.replicas }
    case 'durable':
      if (safety.aofEnabled === false) return 'impossible'
      if (isAtLeast(safety.version, WAITAOF_SINCE)) return 'waitaof'
      return safety.fsync === 'always' ? 'by-answer' : 'impossible'
  }
}

/** Compares versions by their first two numbers. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}
