/** One delivery in its webhook's lane. */
export interface LaneEntry {
  readonly tenant: string
  readonly eventId: string
  readonly round: number
  readonly attempt: number
}

/** An entry together with the text that stands for it in Redis. */
export interface TakenEntry extends LaneEntry {
  readonly member: string
}

export interface LaneName {
  readonly tenant: string
  readonly webhookId: string
}

export const laneName = ({ tenant, webhookId }: LaneName): string => `${tenant}/${webhookId}`

export function parseLaneName(name: string): LaneName {
  const [tenant = '', webhookId = ''] = name.split('/')
  return { tenant, webhookId }
}

export const laneMember = (entry: LaneEntry): string =>
  `${entry.tenant}/${entry.eventId}/${entry.round}/${entry.attempt}`

export function parseLaneMember(member: string): TakenEntry {
  const [tenant = '', eventId = '', round, attempt] = member.split('/')
  return { tenant, eventId, round: Number(round), attempt: Number(attempt), member }
}
