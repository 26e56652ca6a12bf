import type { z } from 'zod'
import { MASK } from '../webhook/schema.ts'
import type { SOURCE_TYPES, SourceInput, sourceSchema } from './schema.ts'

/** A source as it is stored. Times in ms. */
export interface StoredSource {
  readonly id: string
  readonly name: string
  readonly type: (typeof SOURCE_TYPES)[number]
  readonly tenant: string
  /** Sealed, see `vault.ts`; newest first by custom only. */
  readonly secrets: readonly string[]
  readonly eventType?: string | undefined
  readonly hmac?: SourceInput['hmac']
  readonly createdAt: number
  readonly updatedAt: number
}

/** As it is shown. */
export function sourceOutput(source: StoredSource): z.output<typeof sourceSchema> {
  const { secrets, createdAt, updatedAt, ...rest } = source
  return {
    ...rest,
    path: `/in/${source.id}`,
    secrets: secrets.map(() => MASK),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}
