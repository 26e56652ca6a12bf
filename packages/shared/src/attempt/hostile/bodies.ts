import { gzipSync } from 'node:zlib'
import { MAX_BODY_BYTES } from '../result.ts'
import { type HostileCase, pours, SILENCE_MS, says, saysAndEnds } from './case.ts'

const MIB = 1 << 20
const BLOCK = Buffer.alloc(MIB, 'x')
/** 64 MiB of zeros in 64 KiB. */
let packed: Buffer | undefined
const bomb = (): Buffer => {
  packed ??= gzipSync(Buffer.alloc(64 * MIB))
  return packed
}

const whole = 'x'.repeat(MAX_BODY_BYTES)

/** Bodies that are too long, too slow, packed, cut or never there. The status has decided by then. */
export const bodies: readonly HostileCase[] = [
  {
    name: 'a body of 1 GB behind 200',
    onRequest: pours(`HTTP/1.1 200 OK\r\ncontent-length: ${1 << 30}\r\n\r\n`, BLOCK),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'a body of 1 GB behind 500',
    onRequest: pours(`HTTP/1.1 500 No\r\ncontent-length: ${1 << 30}\r\n\r\n`, BLOCK),
    expected: { outcome: 'http_error', statusCode: 500 },
  },
  {
    name: 'a body without length or end',
    onRequest: pours('HTTP/1.1 200 OK\r\n\r\n', BLOCK),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'a gzip bomb',
    onRequest: (socket) => {
      const body = bomb()
      says(
        `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
        body,
      )(socket)
    },
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'gzip bombs without end, in chunks',
    onRequest: (socket) => {
      const body = bomb()
      const chunk = Buffer.concat([
        Buffer.from(`${body.length.toString(16)}\r\n`),
        body,
        Buffer.from('\r\n'),
      ])
      pours(
        'HTTP/1.1 200 OK\r\ncontent-encoding: gzip, br\r\ntransfer-encoding: chunked\r\n\r\n',
        chunk,
      )(socket)
    },
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'a body that drips',
    silentForMs: SILENCE_MS,
    onRequest: pours('HTTP/1.1 200 OK\r\n\r\n', 'x', 10),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'a body that drips behind 503',
    silentForMs: SILENCE_MS,
    onRequest: pours('HTTP/1.1 503 No\r\ncontent-length: 9999\r\n\r\n', 'x', 10),
    expected: { outcome: 'http_error', statusCode: 503 },
  },
  {
    name: 'a body that never comes',
    silentForMs: SILENCE_MS,
    onRequest: says('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'),
    expected: { outcome: 'success', responseBytes: 0 },
  },
  {
    name: 'a body shorter than announced',
    onRequest: saysAndEnds('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal'),
    expected: { outcome: 'success', responseBytes: 3 },
  },
  {
    name: 'a body of exactly what is kept',
    onRequest: says(`HTTP/1.1 200 OK\r\ncontent-length: ${whole.length}\r\n\r\n${whole}`),
    expected: { outcome: 'success', responseBytes: whole.length },
  },
  {
    name: 'HTTP/1.0, its body until the end',
    onRequest: saysAndEnds('HTTP/1.0 200 OK\r\n\r\nhello'),
    expected: { outcome: 'success', responseBytes: 5 },
  },
  {
    name: 'chunks with trailers',
    onRequest: says(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-t\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n',
    ),
    expected: { outcome: 'success', responseBytes: 5 },
  },
  {
    name: 'trailers without end',
    onRequest: pours(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n',
      'x-t: 1\r\n'.repeat(1_000),
    ),
    expected: { outcome: 'success', responseBytes: 5 },
  },
  {
    name: 'a chunk extension without end',
    onRequest: pours(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;',
      'x'.repeat(64 * 1_024),
    ),
    expected: { outcome: 'success', responseBytes: 0 },
  },
  {
    name: 'a chunk that is none',
    onRequest: says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    expected: { outcome: 'success', responseBytes: 0 },
  },
  {
    name: 'a chunk larger than a number',
    onRequest: says(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'f'.repeat(20)}\r\n`),
    expected: { outcome: 'success', responseBytes: 0 },
  },
]
