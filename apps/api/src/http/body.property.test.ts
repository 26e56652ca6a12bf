import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { splitLines } from '@posthorn/shared/event/envelope.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mediaType, parseJson, readBody } from './body.ts'

const NUM_RUNS = 300

/** A request whose body comes in these pieces. */
function requestOf(pieces: readonly Uint8Array[], headers: IncomingMessage['headers'] = {}) {
  const body = Readable.from(pieces.map((piece) => Buffer.from(piece)))
  return Object.assign(body, { headers }) as unknown as IncomingMessage
}

const pieces = fc.array(
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 20 }),
    fc
      .string({
        unit: fc.constantFrom('\n', '\r', ' ', '{', 'é', '😀'),
        minLength: 1,
        maxLength: 6,
      })
      .map((text) => new TextEncoder().encode(text)),
  ),
)

test('a body is the bytes and has the lines that were sent, in whatever pieces it came', async () => {
  const property = fc.asyncProperty(pieces, async (sent) => {
    const whole = Buffer.concat(sent)
    const read = await readBody(requestOf(sent), whole.length)
    expect(read).toEqual(whole)
    expect(splitLines(read, 100)).toEqual(splitLines(whole, 100))
  })
  await fc.assert(property, { numRuns: NUM_RUNS })
})

test('a body of one byte more than allowed is refused, announced or not', async () => {
  const property = fc.asyncProperty(pieces, fc.boolean(), async (sent, announced) => {
    const { length } = Buffer.concat(sent)
    fc.pre(length > 0)
    const headers = announced ? { 'content-length': String(length) } : {}
    await expect(readBody(requestOf(sent, headers), length - 1)).rejects.toMatchObject({
      code: 'payload_too_large',
    })
  })
  await fc.assert(property, { numRuns: NUM_RUNS })
})

test('bytes are read as JSON.parse reads them, or are refused as malformed', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.nat(400).map((depth) => new TextEncoder().encode('['.repeat(depth) + ']'.repeat(depth))),
  )
  const property = fc.property(bytes, (each) => {
    try {
      expect(parseJson(Buffer.from(each))).toEqual(JSON.parse(Buffer.from(each).toString()))
    } catch (error) {
      expect(error instanceof ProblemError && error.code).toBe('malformed_json')
    }
  })
  fc.assert(property, { numRuns: 4 * NUM_RUNS })
})

test('a media type is one of those allowed, none, or refused', () => {
  const type = fc.oneof(
    fc.string(),
    fc
      .tuple(
        fc.constantFrom('application/json', 'Application/JSON', 'text/json', ''),
        fc.constantFrom('', ';', '; charset=utf-8', ';charset="UTF-8"', ';charset=utf-16', ';;;'),
      )
      .map((parts) => parts.join('')),
  )
  const property = fc.property(fc.option(type, { nil: undefined }), (header) => {
    const headers = header === undefined ? {} : { 'content-type': header }
    try {
      const found = mediaType(requestOf([], headers), ['application/json'])
      expect(found).toBe(header === undefined ? undefined : 'application/json')
    } catch (error) {
      expect(error instanceof ProblemError && error.code).toBe('unsupported_media_type')
    }
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})
