/** The processes that an operator gives cores to. */
export const PARTS = ['api', 'worker', 'redis'] as const

/** CPU of each. */
export type PartCpu = Readonly<Record<(typeof PARTS)[number], number>>

export const perPart = (of: (part: keyof PartCpu) => number): PartCpu => ({
  api: of('api'),
  worker: of('worker'),
  redis: of('redis'),
})
