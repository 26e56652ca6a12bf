import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { ProblemError } from '@posthorn/shared/error/problem.ts'

export type CursorPosition = readonly (string | number)[]

const MAC_BYTES = 12

/**
 * Cursors are opaque and carry a MAC: a place in a list cannot be made up, and a cursor works only
 * in its `scope`, a text that names the list and its filters. All replicas derive the same key.
 */
export class CursorCodec {
  readonly #key: Buffer

  /** `secret`: at least 32 bytes that all replicas share. */
  constructor(secret: Buffer) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'posthorn cursor', 32))
  }

  encode(scope: string, position: CursorPosition): string {
    const payload = Buffer.from(JSON.stringify(position))
    return Buffer.concat([this.#mac(scope, payload), payload]).toString('base64url')
  }

  /** Throws 422 `invalid_cursor` for whatever `encode` did not make for this scope. */
  decode(scope: string, cursor: string): CursorPosition {
    const bytes = Buffer.from(cursor, 'base64url')
    const payload = bytes.subarray(MAC_BYTES)
    const genuine =
      bytes.length > MAC_BYTES &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.#mac(scope, payload))
    if (!genuine) throw new ProblemError('invalid_cursor')
    return JSON.parse(payload.toString()) as CursorPosition
  }

  #mac(scope: string, payload: Buffer): Buffer {
    return createHmac('sha256', this.#key)
      .update(`${Buffer.byteLength(scope)}:${scope}`)
      .update(payload)
      .digest()
      .subarray(0, MAC_BYTES)
  }
}
