import { buildHeaders, eventBody } from '@posthorn/shared/attempt/request.ts'
import { signingKey } from '@posthorn/shared/signature/secret.ts'

interface Signed {
  readonly secrets: readonly string[]
  readonly id?: string
  readonly data?: string
  readonly nowMs?: number
}

/** A request as Posthorn sends it, made by its own code. */
export function signed({ secrets, id = 'evt_1', data = '{"n":1.0}', nowMs = Date.now() }: Signed) {
  const timestamp = '2026-01-02T03:04:05.678Z'
  const body = eventBody({ type: 'user.created', timestamp, data: Buffer.from(data) })
  const webhook = { signingKeys: () => secrets.map(signingKey), headers: [] }
  const delivery = { deliveryId: 'dlv_1', type: 'user.created', number: 1 }
  const flat = buildHeaders({ eventId: id, webhook, nowMs, body, ...delivery })
  const headers: Record<string, string> = {}
  for (let i = 0; i < flat.length; i += 2) headers[flat[i] as string] = flat[i + 1] as string
  return { body, headers }
}
