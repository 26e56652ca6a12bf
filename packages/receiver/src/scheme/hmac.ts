import { type Arrival, field, header } from './arrival.ts'
import { timeFault } from './fresh.ts'
import { listOf, type Scheme, type Secrets } from './scheme.ts'
import { type Algorithm, type Encoding, isSigned } from './signed.ts'

/** How somebody signs who follows no vendor's scheme. Names of headers in any spelling. */
export interface HmacOptions {
  /** The header with the signature. */
  readonly header: string
  /** Default `sha256`. */
  readonly algorithm?: Algorithm | undefined
  /** Default `hex`. */
  readonly encoding?: Encoding | undefined
  /** What stands before the signature, e.g. `sha256=`. */
  readonly prefix?: string | undefined
  /** What is signed, with `{body}` once, and `{timestamp}` and `{id}` if need be. Default `{body}`. */
  readonly signs?: string | undefined
  /** The header with the time in seconds; required for `{timestamp}`. */
  readonly timestampHeader?: string | undefined
  /** How far that time may lie from the clock here, either way. Default 300. */
  readonly toleranceSeconds?: number | undefined
  /** The header with an id that repeats share; without one a repeat is told by its bytes. */
  readonly idHeader?: string | undefined
  /** The header with the type; without one it is the `type` of the body. */
  readonly typeHeader?: string | undefined
}

type Checked = ReturnType<typeof checked>

/** @throws TypeError for options that contradict each other */
export function hmac(given: Secrets, options: HmacOptions): Scheme {
  const secrets = listOf(given)
  const how = checked(options)
  return {
    name: 'hmac',
    verify(arrival, nowMs) {
      const signature = header(arrival, how.header)
      const timestamp = named(arrival, how.timestampHeader)
      const id = named(arrival, how.idHeader)
      if (!signature) return 'missing'
      if (how.timestampHeader && !timestamp) return 'missing'
      if (how.signs.includes('{id}') && !id) return 'missing'
      if (!signature.startsWith(how.prefix)) return 'malformed'
      const fault = timestamp && timeFault(timestamp, nowMs, how.toleranceSeconds)
      if (fault) return fault
      const content = contentOf(how.signs, { timestamp, id }, arrival.body)
      const given = [signature.slice(how.prefix.length)]
      return isSigned(content, given, { secrets, ...how }) ? undefined : 'mismatch'
    },
    id: (arrival) => named(arrival, how.idHeader),
    type: (arrival) => (how.typeHeader ? named(arrival, how.typeHeader) : field(arrival, 'type')),
  }
}

function checked(options: HmacOptions) {
  const { signs = '{body}', prefix = '', algorithm = 'sha256', encoding = 'hex' } = options
  const lower = (name: string | undefined) => name?.toLowerCase()
  if (!options.header) throw new TypeError('Name the header that holds the signature')
  if (signs.split('{body}').length !== 2) throw new TypeError('What is signed has {body} once')
  if (signs.includes('{timestamp}') && !options.timestampHeader) {
    throw new TypeError('Name the timestampHeader of the signed {timestamp}')
  }
  if (signs.includes('{id}') && !options.idHeader) {
    throw new TypeError('Name the idHeader of the signed {id}')
  }
  return {
    ...{ signs, prefix, algorithm, encoding },
    header: options.header.toLowerCase(),
    timestampHeader: lower(options.timestampHeader),
    toleranceSeconds: options.toleranceSeconds,
    idHeader: lower(options.idHeader),
    typeHeader: lower(options.typeHeader),
  }
}

const named = (arrival: Arrival, name: string | undefined) => name && header(arrival, name)

/** The values go in with one pass, so that what a value holds is never taken for a place. */
function contentOf(
  signs: Checked['signs'],
  values: { timestamp: string | undefined; id: string | undefined },
  body: Buffer,
): (string | Buffer)[] {
  return signs.split('{body}').flatMap((text, i) => {
    const filled = text.replaceAll(
      /\{(timestamp|id)\}/g,
      (_place, name: 'timestamp' | 'id') => values[name] ?? '',
    )
    return i === 0 ? [filled] : [body, filled]
  })
}
