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

export const typeOf = ({ fanOut }: EventKind): string => `bench.f${fanOut}`
