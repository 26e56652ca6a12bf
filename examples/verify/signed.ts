import { buildRequest } from '@posthorn/shared/attempt/request.ts'
import { standardBody } from '@posthorn/shared/format/encode.ts'
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
  const content = { id, tenant: 'acme', type: 'user.created', timestamp, data: Buffer.from(data) }
  const webhook = {
    id: 'wh_1',
    config: {},
    signingKeys: () => secrets.map(signingKey),
    headers: [],
  }
  const made = { event: content, standardBody: standardBody(content), webhook, nowMs }
  const { headers: flat, body } = buildRequest({ ...made, deliveryId: 'dlv_1', number: 1 })
  const headers: Record<string, string> = {}
  for (let i = 0; i < flat.length; i += 2) headers[flat[i] as string] = flat[i + 1] as string
  return { body, headers }
}
