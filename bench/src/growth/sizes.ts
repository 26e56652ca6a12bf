/** What can be measured alone; all of them by default. */
export const PARTS = ['parked', 'retrying', 'webhooks', 'tenants', 'lists', 'burst'] as const
export type GrowthPart = (typeof PARTS)[number]

/** How far things grow. Nothing shrinks below what its measurement needs at all. */
export interface Sizes {
  /** Deliveries that wait, one after the other. */
  readonly waiting: readonly number[]
  readonly webhooks: readonly number[]
  readonly tenants: number
  readonly kept: number
  readonly dueAtOnce: number
}

const LEAST = 100

/** @param scale share of the full sizes */
export function sizesAt(scale: number): Sizes {
  const scaled = (n: number) => Math.max(LEAST, Math.round(n * scale))
  return {
    waiting: [scaled(100_000), scaled(1_000_000)],
    webhooks: [scaled(10_000), scaled(100_000)],
    tenants: scaled(10_000),
    kept: scaled(1_000_000),
    dueAtOnce: scaled(100_000),
  }
}

export const count = (n: number): string => n.toLocaleString('en-US')
