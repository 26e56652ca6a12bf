import type { z } from 'zod'

export type ProcessName = 'api' | 'worker'

export interface Variable<Value, Reader extends ProcessName = ProcessName> {
  /** In the environment. */
  readonly name: string
  readonly schema: z.ZodType<Value, string>
  /** As it would be written in the environment. Without one: required, unless `optional`. */
  readonly defaultText?: string
  /** Absent means undefined in the configuration; says what happens then. */
  readonly optional?: string
  /** What the text measures, for the table in the docs. */
  readonly unit: string
  readonly description: string
  readonly processes: readonly Reader[]
  /** Never shown in logs. `url`: shown without its password. */
  readonly secret?: true | 'url'
}

export const variable = <Value, Reader extends ProcessName>(definition: Variable<Value, Reader>) =>
  definition
export const optional = <Value, Reader extends ProcessName>(
  definition: Variable<Value, Reader> & { optional: string },
): Variable<Value | undefined, Reader> => definition
