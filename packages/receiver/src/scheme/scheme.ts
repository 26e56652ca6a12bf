import type { SignatureFault } from 'posthorn'
import type { Arrival } from './arrival.ts'

export type { SignatureFault } from 'posthorn'

/** How one vendor signs, names and numbers what it sends. Everything in it is free of state. */
export interface Scheme {
  /** Part of what duplicates are told by, so that two vendors' ids never meet. */
  readonly name: string
  /** What is wrong with the request, or undefined for a genuine one. */
  verify(arrival: Arrival, nowMs: number): Fault | Promise<Fault>
  /** The vendor's own id of the event, the same for every repeat; undefined where it gives none. */
  id(arrival: Arrival): string | undefined
  /** The vendor's own name of what happened, as it is written there. */
  type(arrival: Arrival): string | undefined
  /** What to answer a genuine request that is no event, such as a question whether this is the right place. */
  reply?(arrival: Arrival): Reply | undefined
}

export type Fault = SignatureFault | undefined

export interface Reply {
  readonly contentType: string
  readonly body: string
}

/** One secret, or several while one is rotated: each of them is accepted. */
export type Secrets = string | readonly string[]

/** @throws TypeError for none, or an empty one: it would accept what anybody signs */
export function listOf(secrets: Secrets): readonly string[] {
  const list = typeof secrets === 'string' ? [secrets] : secrets
  if (!Array.isArray(list) || list.length === 0) throw new TypeError('Give at least one secret')
  for (const secret of list) {
    if (typeof secret !== 'string' || secret === '') throw new TypeError('A secret is empty')
  }
  return list
}
