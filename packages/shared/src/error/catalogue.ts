interface ProblemKind {
  readonly status: number
  readonly title: string
  /** When it is answered and what the caller can do: the text of `docs/errors.md`. */
  readonly meaning: string
}

/**
 * Every problem that the API answers. A code is permanent: it may be added, never renamed nor given
 * another meaning. `docs/errors.md` and the OpenAPI document are made from this table.
 */
export const PROBLEMS = {
  malformed_request: {
    status: 400,
    title: 'Malformed request',
    meaning:
      'The request is not well-formed HTTP: a bad percent-encoding in its path, a body cut short.',
  },
  malformed_json: {
    status: 400,
    title: 'Malformed JSON',
    meaning:
      'The body is not valid JSON in UTF-8, is nested too deeply, or repeats a top-level key of an event.',
  },
  unauthenticated: {
    status: 401,
    title: 'Missing or unknown API key',
    meaning:
      'Send a valid key as `Authorization: Bearer <key>`, or sign in. A deleted key is unknown and ends its sessions and the links to the portal that it made; those also end with their time.',
  },
  source_unverified: {
    status: 401,
    title: 'The sender is not verified',
    meaning:
      'The signature or credential of a request to a source does not fit, is missing or too old. `detail` says which.',
  },
  forbidden: {
    status: 403,
    title: 'The role of this key may not do this',
    meaning:
      'Judged before anything else is looked at. `admin` may do all, `publisher` publishes, `viewer` reads all but secrets; a portal’s token may what the OpenAPI document says beside each route.',
  },
  foreign_tenant: {
    status: 403,
    title: 'The key belongs to another tenant',
    meaning:
      'A key of one tenant named another tenant. Leave `tenant` out, or use a key of all tenants.',
  },
  cross_site_request: {
    status: 403,
    title: 'The request comes from another site',
    meaning:
      "A session's cookie changes things only for pages of this very origin, which browsers tell by `Sec-Fetch-Site` or `Origin`. Programs send a key instead.",
  },
  insecure_connection: {
    status: 403,
    title: 'Sign-in needs TLS',
    meaning:
      'A session over plain HTTP could be stolen on its way. Open the dashboard by https (the proxy before it sends `X-Forwarded-Proto`), by `localhost`, or allow it with `POSTHORN_SIGN_IN_OVER_HTTP=anywhere`.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    meaning: 'There is no such resource, or it belongs to a tenant that this key does not see.',
  },
  unknown_route: {
    status: 404,
    title: 'No such route',
    meaning: 'The path is none of this API. `/openapi.json` lists them all.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    meaning:
      'The path exists, but not with this method. The `Allow` header names those that it has.',
  },
  event_id_reused: {
    status: 409,
    title: 'The event id was used with other content',
    meaning:
      'The first event stands. A repeat must carry the same type, data bytes, labels and, if given, timestamp.',
  },
  delivery_finished: {
    status: 409,
    title: 'The delivery has already ended',
    meaning: 'Only a delivery that is still open can be cancelled.',
  },
  task_finished: {
    status: 409,
    title: 'The task has already ended',
    meaning: 'Only a task that is queued or running can be cancelled.',
  },
  webhook_disabled: {
    status: 409,
    title: 'The webhook is disabled',
    meaning: 'It takes no deliveries, by whatever way. Enable it first.',
  },
  too_many_secrets: {
    status: 409,
    title: 'Too many secrets in overlap',
    meaning:
      'Each live secret signs every attempt. Wait for an overlap to end before the next rotation.',
  },
  too_many_webhooks: {
    status: 409,
    title: 'As many webhooks as a portal makes',
    meaning:
      'A visitor of the portal makes no more than 100 webhooks of its tenant. Delete one that is not needed; an operator may make more.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload too large',
    meaning:
      'The body, a batch or the `data` of an event is larger than allowed; `detail` says the limit.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    meaning:
      'Send `application/json` in UTF-8 (a batch also `application/x-ndjson`), not compressed. What a source takes has to be JSON, whatever its media type.',
  },
  invalid_input: {
    status: 422,
    title: 'Invalid input',
    meaning:
      'The content of the body is wrong. `errors` names each place. Unknown fields are refused.',
  },
  invalid_query: {
    status: 422,
    title: 'Invalid query',
    meaning: 'A query parameter is unknown, repeated or has a wrong value. `errors` names each.',
  },
  invalid_cursor: {
    status: 422,
    title: 'Invalid cursor',
    meaning:
      'A cursor is the `next` of a list, sent back unchanged with the same filters. Begin again without one.',
  },
  not_available_yet: {
    status: 422,
    title: 'Not available yet',
    meaning:
      'The field is reserved for a coming version. It is refused rather than ignored, so that nobody relies on it.',
  },
  url_refused: {
    status: 422,
    title: 'The URL is refused',
    meaning:
      'A webhook must be http(s), without credentials, and may not point to a private, loopback, link-local, metadata or reserved address outside `POSTHORN_ALLOW_CIDRS`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used with other content',
    meaning: 'The first event stands. Use a new key for a new event.',
  },
  filter_required: {
    status: 422,
    title: 'A filter is required',
    meaning: 'Without any filter this would touch everything. If that is meant, send `all: true`.',
  },
  too_many_sign_ins: {
    status: 429,
    title: 'Too many failed sign-ins',
    meaning:
      'An address may fail 10 times a minute, over all replicas. Try again after `Retry-After` seconds.',
  },
  too_many_url_checks: {
    status: 429,
    title: 'Too many checks of URLs',
    meaning:
      'A tenant may have 20 URLs checked in a minute: each is a connection to somebody. Wait for `Retry-After`.',
  },
  too_many_changes: {
    status: 429,
    title: 'Too many changes by a portal',
    meaning:
      "Visitors of a tenant's portal may change, start or have sent 120 things in a minute. Wait for `Retry-After`.",
  },
  redis_unavailable: {
    status: 503,
    title: 'Storage is unavailable',
    meaning:
      'Redis did not answer in time. Repeat after `Retry-After` seconds. An event may have been taken: repeat it with the same id.',
  },
  redis_full: {
    status: 503,
    title: 'Storage is full',
    meaning:
      'Redis is out of memory for new data. What was accepted is still delivered. Repeat later.',
  },
  durability_unavailable: {
    status: 503,
    title: 'The event could not be made as durable as promised',
    meaning:
      'Redis did not confirm in time what `POSTHORN_DURABILITY` promises: on disk, or on so many replicas. The event may have been taken all the same: repeat it with the same id.',
  },
  egress_unavailable: {
    status: 503,
    title: 'The egress proxy made no connection',
    meaning:
      'A test event could not be sent because of the proxy of `POSTHORN_EGRESS_PROXY`, not of the webhook. Deliveries are not harmed by it: they wait. Repeat it later.',
  },
  stored_value_unreadable: {
    status: 503,
    title: 'A stored secret cannot be opened',
    meaning:
      'A secret or a header of this webhook, or a secret of this source, was encrypted with a key that this process does not have, or was damaged. Put the key back into `POSTHORN_ENCRYPTION_KEYS`; until then what is open for the webhook waits.',
  },
  event_undecided: {
    status: 503,
    title: 'An equal event is just being taken',
    meaning: 'Another request with this id has begun and not ended. Repeat it with the same id.',
  },
  too_much_contention: {
    status: 503,
    title: 'Too many changes at once',
    meaning:
      'The resource was changed by others faster than this change could be applied. Repeat it.',
  },
  shutting_down: {
    status: 503,
    title: 'Shutting down',
    meaning: 'This process is about to stop. Repeat the request: another one takes it.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    meaning: 'A fault of Posthorn itself. The log line with this `requestId` says more.',
  },
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof PROBLEMS
