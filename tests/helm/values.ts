import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { repositoryRoot } from '../harness/place.ts'

export const chartFolder = `${repositoryRoot}/deploy/helm/posthorn`

export interface Values {
  readonly [name: string]: unknown
}

export const defaultValues = parse(readFileSync(`${chartFolder}/values.yaml`, 'utf8')) as Values

export const valuesSchema = JSON.parse(
  readFileSync(`${chartFolder}/values.schema.json`, 'utf8'),
) as { readonly $defs: { readonly env: { propertyNames: { then: { enum: string[] } } } } }

/** What somebody who installs the chart has to say at the least. */
export const OWN_SECRET: Values = { secret: { existing: 'posthorn' } }

/** As Helm lays a user's values over the chart's: maps are merged, all else is replaced. */
export function over(base: unknown, own: unknown): unknown {
  if (!isMap(base) || !isMap(own)) return own
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(own)) merged[name] = over(base[name], value)
  return merged
}

const isMap = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false })
const validate = ajv.compile(valuesSchema)

/** What the schema has against these values, laid over the chart's own. */
export function faultsOfValues(own: Values): string[] {
  validate(over(defaultValues, own))
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}
