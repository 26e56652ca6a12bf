import type { Transition, TransitionLog } from './transition.ts'

/** A transition as an entry of the history's log tells it, after the old state and without its opening bracket. */
export function loggedTransition({ webhookId, to }: Transition, log: TransitionLog): string {
  return JSON.stringify([webhookId, to.state, to.round, to.made, to.atMs, log]).slice(1, -1)
}
