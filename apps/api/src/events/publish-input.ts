import type { Principal } from '@posthorn/shared/access/principal.ts'
import { DEFAULT_TENANT } from '@posthorn/shared/access/tenant.ts'
import { inputProblem, ProblemError } from '@posthorn/shared/error/problem.ts'
import type { NewEvent } from '@posthorn/shared/event/accept.ts'
import {
  type Envelope,
  EnvelopeError,
  EnvelopeKindError,
  parseEnvelope,
} from '@posthorn/shared/event/envelope.ts'
import { publishSchema } from '@posthorn/shared/event/schema.ts'
import { z } from 'zod'
import { requireTenant } from '../http/authenticate.ts'
import { validate } from '../http/validate.ts'

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/

/** For the documentation. */
export const publishHeaders = z.object({
  'Idempotency-Key': z.string().regex(IDEMPOTENCY_KEY).optional().meta({
    description: 'Makes a repeat safe for at least 24 hours; instead of an `id`, not with one',
  }),
})

/**
 * Reads one event from the bytes of its JSON object.
 * @throws ProblemError 400 `malformed_json`, 413, 422 `invalid_input`, 403 `foreign_tenant`
 */
export function readEvent(
  bytes: Buffer,
  principal: Principal,
  maxEventBytes: number,
  idempotencyKey?: string,
): NewEvent {
  const { fields, data } = envelopeOf(bytes)
  const input = validate(publishSchema, fields, 'invalid_input')
  if (!data) throw inputProblem('data', 'Required; null is allowed')
  if (data.length > maxEventBytes) {
    const detail = `data has ${data.length} bytes; at most ${maxEventBytes} are accepted.`
    throw new ProblemError('payload_too_large', detail)
  }
  checkIdempotencyKey(idempotencyKey, input.id)
  requireTenant(principal, input.tenant)
  return {
    ...input,
    tenant: input.tenant ?? principal.tenant ?? DEFAULT_TENANT,
    data,
    idempotencyKey,
  }
}

function envelopeOf(bytes: Buffer): Envelope {
  try {
    return parseEnvelope(bytes)
  } catch (error) {
    throw malformed(error)
  }
}

/** A fault of the grammar or of the kind as its problem; anything else as it is. */
export function malformed(error: unknown): unknown {
  if (error instanceof EnvelopeKindError) return inputProblem('', error.message)
  if (!(error instanceof EnvelopeError)) return error
  return new ProblemError('malformed_json', error.message, { cause: error })
}

function checkIdempotencyKey(key: string | undefined, id: string | undefined): void {
  if (key === undefined) return
  if (id !== undefined) {
    throw inputProblem('id', 'Give an id or an Idempotency-Key, not both')
  }
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw inputProblem('Idempotency-Key', 'Expected 1 to 255 printable ASCII characters')
  }
}
