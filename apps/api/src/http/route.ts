import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Principal, Role } from '@posthorn/shared/access/principal.ts'
import type { ProblemCode } from '@posthorn/shared/error/catalogue.ts'
import { z } from 'zod'
import type { RequestState } from './observe.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** What a handler answers. `stream` takes over the response after its head has been written. */
export interface RouteResult {
  readonly status: number
  /** Sent as JSON, unless `headers` name a content type: then text or bytes, sent as they are. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly stream?: (response: ServerResponse) => void
}

/** What a handler is given: everything is parsed, the role is judged, the tenant not yet. */
export interface RouteContext<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly principal: Principal
  /** For what no schema says: cookies, who is at the other end. Its body has been read. */
  readonly request: IncomingMessage
  readonly requestId: string
  /** The header, as it came. */
  readonly accept: string | undefined
  /**
   * The tenant that the request is about: the named one, else the key's, else `default`.
   * Throws 403 `foreign_tenant` when a tenant's key names another one.
   */
  tenantOf(requested: string | undefined): string
  /** The tenant that a list is narrowed to, or undefined for all. Throws like `tenantOf`. */
  tenantFilter(requested: string | undefined): string | undefined
  /**
   * Whether a resource of `tenant` (undefined: of all tenants) may be seen; one that may not is
   * answered 404.
   */
  sees(tenant: string | undefined): boolean
  /** Ends when the client has gone. */
  readonly signal: AbortSignal
}

/** The JSON that an answer carries, for the OpenAPI document. */
export interface RouteResponse {
  readonly description: string
  readonly schema?: z.ZodType
  /** Default `application/json`. */
  readonly mediaType?: string
  readonly example?: unknown
}

interface RouteDocs {
  readonly method: Method
  /** express 5 syntax with named parameters only, e.g. `/v1/webhooks/:id/secret`. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  /** The heading in the documentation page, e.g. `Webhooks`. */
  readonly tag: string
  /** `public` needs no key, `any` a key of whatever role. */
  readonly role: Role | 'any' | 'public'
  /** Whether a portal's token may use it, too, for what is its tenant's. Unless said: no. */
  readonly portal?: true
  /** By status code. Problems that any route can answer are added by the document. */
  readonly responses: Readonly<Record<number, RouteResponse>>
  /** Problems of this route beyond those that follow from its declaration. */
  readonly problems?: readonly ProblemCode[]
  readonly bodyExample?: unknown
  /** Request headers with a meaning of their own here; the handler reads them itself. */
  readonly headers?: z.ZodType
  /** Not part of the documented API, e.g. the files of the documentation page itself. */
  readonly hidden?: boolean
}

/** A route of the table: feeds the dispatcher and the OpenAPI document alike. */
export interface Route extends RouteDocs {
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** Largest body in bytes; default 64 KiB. */
  readonly maxBodyBytes?: number
  /** Media types of the body beside the default `application/json`, for documentation. */
  readonly bodyMediaTypes?: readonly string[]
  /** Whether the body may be left out, which the schema then sees as `{}`. */
  readonly optionalBody?: boolean
  /** The handler is given a `RawBody`, whatever its media type; `body` serves the documentation only. */
  readonly rawBody?: boolean
  /** Exactly one of the two. */
  readonly handle?: (context: RouteContext) => Promise<RouteResult>
  readonly lean?: LeanHandler
}

/**
 * Bypasses express, body reading and validation: the handler does everything itself, and answers
 * even its own failures or throws (what it throws becomes a problem). Matched by exact path.
 */
export type LeanHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  state: RequestState,
) => Promise<void> | void

/** In the declaration of a route whose body says nothing: it may be left out, or be `{}`. */
export const NO_BODY = { body: z.strictObject({}), optionalBody: true } as const

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

interface TypedRoute<P, Q, B> extends RouteDocs {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly maxBodyBytes?: number
  readonly bodyMediaTypes?: readonly string[]
  readonly optionalBody?: boolean
  handle(context: RouteContext<OutputOf<P>, OutputOf<Q>, OutputOf<B>>): Promise<RouteResult>
}

/** Declares a route; the types of `context.params`, `.query` and `.body` follow from its schemas. */
export function route<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(definition: TypedRoute<P, Q, B>): Route {
  return definition as unknown as Route
}

/** A body as it arrived, with the headers that tell who sent it. */
export interface RawBody {
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** For the trace of the request, and its log line, which tells the event that came of it. */
  readonly state: RequestState
}

interface RawRoute<P> extends RouteDocs {
  readonly params: P
  readonly body: z.ZodType
  readonly maxBodyBytes: number
  handle(context: RouteContext<OutputOf<P>, undefined, RawBody>): Promise<RouteResult>
}

/** Declares a route whose body is judged by its bytes; its schema serves the documentation only. */
export function rawRoute<P extends z.ZodType>(definition: RawRoute<P>): Route {
  return { ...definition, rawBody: true } as unknown as Route
}

/** Declares a route that handles the bare request; its schemas serve the documentation only. */
export function leanRoute(
  definition: RouteDocs & Pick<Route, 'body' | 'query' | 'bodyMediaTypes'> & { lean: LeanHandler },
): Route {
  return definition
}
