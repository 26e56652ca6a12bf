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

/** `<tenant>/<event>/<round>/<attempt>/<due>/<horizon>`, the last two in seconds, base 36. */
export function laneMember(entry: LaneEntry, { dueMs, horizonMs }: Patience): string {
  const { tenant, eventId, round, attempt } = entry
  const times = [Math.ceil(dueMs / 1_000), Math.ceil(horizonMs / 1_000)]
  const [due, horizon] = times.map((seconds) => seconds.toString(36))
  return `${tenant}/${eventId}/${round}/${attempt}/${due}/${horizon}`
}

export function parseTakenEntry(member: string, token: string): TakenEntry {
  const [tenant = '', eventId = '', round, attempt] = member.split('/')
  return { tenant, eventId, round: Number(round), attempt: Number(attempt), member, token }
}
