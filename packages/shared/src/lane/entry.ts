/** One delivery in its webhook's lane. */
export interface LaneEntry {
  readonly tenant: string
  readonly eventId: string
  readonly round: number
  readonly attempt: number
}

/** How long a parked delivery may wait for an open circuit to close. */
export interface Patience {
  /** When its attempt was due, in Redis' time. */
  readonly dueMs: number
  /** From then to the last attempt of its policy. */
  readonly horizonMs: number
}

/** What is in flight: the text that stands for it in Redis, and by which take it is held. */
export interface Hold {
  readonly member: string
  readonly token: string
}

export interface TakenEntry extends LaneEntry, Hold {}

export interface LaneName {
  readonly tenant: string
  readonly webhookId: string
}

export const laneName = ({ tenant, webhookId }: LaneName): string => `${tenant}/${webhookId}`

export function parseLaneName(name: string): LaneName {
  const [tenant = '', webhookId = ''] = name.split('/')
  return { tenant, webhookId }
}

/** `<tenant>/<event>/<round>/<attempt>/<due>/<horizon>`. */
export function laneMember(entry: LaneEntry, patience: Patience): string {
  const { tenant, eventId, round, attempt } = entry
  return [tenant, eventId, round, attempt, ...packPatience(patience)].join('/')
}

/** Due time and horizon in seconds, base 36. The record of a parked delivery has them too. */
export const packPatience = ({ dueMs, horizonMs }: Patience): string[] =>
  [dueMs, horizonMs].map((ms) => Math.ceil(ms / 1_000).toString(36))

/** The packed patience at the end of a member. */
export const patienceIn = (member: string): string[] => member.split('/').slice(4)

/** Packed again it is the same text; undefined where it is missing or no number. */
export function parsePatience([due, horizon]: readonly string[]): Patience | undefined {
  const [dueMs = Number.NaN, horizonMs = Number.NaN] = [due, horizon].map(
    (text = '') => Number.parseInt(text, 36) * 1_000,
  )
  if (!Number.isSafeInteger(dueMs) || !Number.isSafeInteger(horizonMs)) return undefined
  return { dueMs, horizonMs }
}

export function parseTakenEntry(member: string, token: string): TakenEntry {
  const [tenant = '', eventId = '', round, attempt] = member.split('/')
  return { tenant, eventId, round: Number(round), attempt: Number(attempt), member, token }
}
