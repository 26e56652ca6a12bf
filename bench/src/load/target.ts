/** Where and how to publish. */
export interface Target {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** What is published: by its type the number of webhooks that get it. */
export interface EventKind {
  readonly fanOut: number
  readonly bytes: number
  /** How many take turns; without it every event is the default tenant's. */
  readonly tenants?: number
}

/** The type of a webhook of its own. */
export const ownTypeOf = (webhook: number): string => `bench.w${webhook}`

export const typeOf = ({ fanOut }: EventKind): string => `bench.f${fanOut}`
