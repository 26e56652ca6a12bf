import fc from 'fast-check'
import { bytesOf, oddText, spoiled } from './fuzz-faults.ts'
import { type Context, type Schema, valuesOf } from './fuzz-values.ts'
import type { Operation } from './open-api.ts'

export interface FuzzRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

/** What only the running system knows; what comes out of it depends on when it is asked. */
export interface Pool {
  /** As answers have shown them, of all kinds and tenants. */
  readonly ids: readonly string[]
  readonly tenants: readonly string[]
  readonly cursors: readonly string[]
  /** Values of `authorization`; the first may do everything. */
  readonly keys: readonly string[]
  /** A URL that may be called. */
  readonly url: string
}

const ODD_PARTS = ['%ff', '%', '%zz', '%2e%2e', '%2F', '%00', '%F0%9F', 'a%', '..;']
const ODD_TYPES = ['text/plain', 'application/x-ndjson', 'application/json;charset=utf-16', '']
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
/** The prefix of the ids that a path or a field names. */
const KINDS: Readonly<Record<string, string>> = {
  events: 'evt_',
  event: 'evt_',
  webhooks: 'wh_',
  webhook: 'wh_',
  deliveries: 'dlv_',
  ids: 'dlv_',
  tasks: 'task_',
  'api-keys': 'key_',
  sources: 'src_',
  '{id}': 'src_', // Of /in/{id}.
}
/** What undici would refuse to send; the rest of Latin-1 may stand in a header. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/g

const oddHeader = oddText.map((text) => text.replaceAll(UNSENDABLE, '').trim())
const oddPart = fc.oneof(oddText.map(inUrl), fc.constantFrom(...ODD_PARTS))

/** Makes requests by what the OpenAPI document says of them. */
export class RequestMaker {
  readonly #resolve: Context['resolve']
  readonly #pool: Pool

  constructor(resolve: Context['resolve'], pool: Pool) {
    this.#resolve = resolve
    this.#pool = pool
  }

  /** Requests of one operation, from those it should take to those that make no sense. */
  of(method: string, path: string, operation: Operation): fc.Arbitrary<FuzzRequest> {
    const right = {
      path: this.#target(path, operation, (value) => value),
      headers: this.#rightHeaders(operation),
      body: this.#rightBody(operation),
    }
    const odd = {
      path: this.#target(path, operation, mostly(oddPart)),
      headers: this.#oddHeaders(operation),
      body: this.#oddBody(operation),
    }
    const verb = fc.constant(method.toUpperCase())
    return fc.oneof(
      { weight: 2, arbitrary: fc.record({ method: verb, ...right }) },
      fc.record({ method: verb, ...right, path: odd.path }),
      fc.record({ method: verb, ...right, headers: odd.headers }),
      { weight: 2, arbitrary: fc.record({ method: verb, ...right, body: odd.body }) },
      fc.record({ method: verb, ...odd }),
    )
  }

  /** Requests of any method to any path. */
  anywhere(paths: readonly string[]): fc.Arbitrary<FuzzRequest> {
    const segments = fc.array(fc.oneof(oddPart, fc.constantFrom('v1', 'events', 'webhooks')))
    return fc.record({
      method: fc.constantFrom(...METHODS),
      path: fc.oneof(
        fc.constantFrom(...paths).map((path) => path.replaceAll(/\{\w+\}/g, 'x')),
        segments.map((all) => `/${all.join('/')}`),
        fc.constant('/\xff'), // Node's own parser refuses bytes above 127.
      ),
      headers: this.#oddHeaders({}),
      body: fc.constant(null),
    })
  }

  #target(path: string, { parameters = [] }: Operation, change: Change): fc.Arbitrary<string> {
    const collection = path.split('/')[2] ?? ''
    const id = change(this.#id(KINDS[collection]).map(inUrl))
    const queries = parameters.filter((each) => each.in === 'query')
    const pairs = queries.map(({ name, schema = {} }) =>
      change(this.#values(schema, name).map((value) => inUrl(String(value)))).map(
        (value) => `${name}=${value}`,
      ),
    )
    const known = pairs.length === 0 ? fc.constant('') : fc.oneof(...pairs)
    const unique = { maxLength: 2, selector: (pair: string) => pair.split('=')[0] }
    return fc.tuple(id, fc.uniqueArray(change(known), unique)).map(([of, all]) => {
      const target = path.replaceAll(/\{\w+\}/g, () => of)
      const query = all.filter((pair) => pair !== '').join('&')
      return query === '' ? target : `${target}?${query}`
    })
  }

  #rightHeaders({ requestBody, parameters = [] }: Operation): fc.Arbitrary<Record<string, string>> {
    const key = fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      fc.nat({ max: this.#pool.keys.length - 1 }),
    )
    const own = parameters
      .filter((each) => each.in === 'header')
      .map(({ name, schema = {} }) => [name.toLowerCase(), this.#values(schema, name)] as const)
    const optional = fc.record(Object.fromEntries(own), { requiredKeys: [] })
    return fc.tuple(key, optional).map(([at, more]) => ({
      ...(more as Record<string, string>),
      authorization: this.#pool.keys[at] ?? '',
      ...(requestBody && { 'content-type': 'application/json' }),
    }))
  }

  #oddHeaders(operation: Operation): fc.Arbitrary<Record<string, string>> {
    const odd = fc.record(
      {
        authorization: oddHeader,
        'content-type': fc.oneof(fc.constantFrom(...ODD_TYPES), oddHeader),
        'idempotency-key': oddHeader,
        'content-encoding': fc.constantFrom('identity', 'gzip', ''),
        accept: oddHeader,
      },
      { requiredKeys: [] },
    )
    const one = fc.tuple(odd, fc.nat(4)).map(([all, at]) => Object.entries(all).slice(at, at + 1))
    return fc
      .tuple(this.#rightHeaders(operation), one)
      .map(([right, changes]) => ({ ...right, ...Object.fromEntries(changes) }))
  }

  #rightBody({ requestBody }: Operation): fc.Arbitrary<Buffer | null> {
    const schema = requestBody?.content?.['application/json']?.schema
    if (schema === undefined) return fc.constant(null)
    return this.#values(schema, '').map((value) => Buffer.from(JSON.stringify(value)))
  }

  #oddBody({ requestBody }: Operation): fc.Arbitrary<Buffer | null> {
    const schema = requestBody?.content?.['application/json']?.schema
    if (schema === undefined) return fc.constantFrom(null, Buffer.from('{}'))
    const right = this.#values(schema, '')
    const json = spoiled(right).map((value) => Buffer.from(JSON.stringify(value) ?? ''))
    return fc.oneof({ weight: 6, arbitrary: json }, bytesOf(right), fc.constant(null))
  }

  #values(schema: Schema, name: string): fc.Arbitrary<unknown> {
    return valuesOf(schema, { resolve: this.#resolve, known: (of) => this.#known(of) }, name)
  }

  /** Fields that name something of the running system. */
  #known(name: string): fc.Arbitrary<unknown> | undefined {
    if (name === 'tenant') return this.#oneOf(() => this.#pool.tenants)
    if (name === 'cursor') return this.#oneOf(() => this.#pool.cursors)
    // Nothing but the loopback may be called from here.
    if (name === 'url') return fc.constantFrom(this.#pool.url, 'http://127.0.0.1:9/')
    return name in KINDS ? this.#id(KINDS[name]) : undefined
  }

  /** Of the kind; now and then of another. */
  #id(prefix = ''): fc.Arbitrary<string> {
    const ofKind = this.#oneOf(() => this.#pool.ids.filter((id) => id.startsWith(prefix)))
    const any = this.#oneOf(() => this.#pool.ids)
    return fc.oneof({ weight: 15, arbitrary: ofKind }, any)
  }

  #oneOf(of: () => readonly string[]): fc.Arbitrary<string> {
    return fc.nat().map((at) => {
      const all = of()
      return all[at % all.length] ?? 'none'
    })
  }
}

type Change = (values: fc.Arbitrary<string>) => fc.Arbitrary<string>

function mostly(odd: fc.Arbitrary<string>): Change {
  return (values) => fc.oneof({ weight: 2, arbitrary: values }, odd)
}

function inUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
