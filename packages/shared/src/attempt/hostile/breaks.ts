import { type HostileCase, OK, says, saysAndEnds, saysAndResets } from './case.ts'

/** Larger than what two kernels buffer: a sender that is not read has to wait. */
const LARGE = 8 << 20

const reset = { expected: { outcome: 'reset' } } as const

/** Connections that end where they should not. */
export const breaks: readonly HostileCase[] = [
  { name: 'nothing, then the end', onRequest: saysAndEnds(''), ...reset },
  { name: 'nothing, then a reset', onRequest: saysAndResets(''), ...reset },
  { name: 'half a status line, then a reset', onRequest: saysAndResets('HTTP/1.1 2'), ...reset },
  {
    name: 'half the headers, then the end',
    onRequest: saysAndEnds('HTTP/1.1 200 OK\r\nx-a: 1\r\n'),
    ...reset,
  },
  {
    name: 'half the headers, then a reset',
    onRequest: saysAndResets('HTTP/1.1 200 OK\r\nx-a: 1'),
    ...reset,
  },
  {
    name: '100, then a reset',
    onRequest: saysAndResets('HTTP/1.1 100 Continue\r\n\r\n'),
    ...reset,
  },
  {
    name: 'a reset after the headers of a 200',
    onRequest: saysAndResets('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal'),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'a reset after the headers of a 500',
    onRequest: saysAndResets('HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nhal'),
    expected: { outcome: 'http_error', statusCode: 500 },
  },
  {
    name: 'a reset in the middle of the upload',
    bodyBytes: LARGE,
    onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    ...reset,
  },
  {
    name: 'the end in the middle of the upload',
    bodyBytes: LARGE,
    onConnection: (socket) => socket.once('data', () => socket.destroy()),
    ...reset,
  },
  {
    name: 'an upload that is never read',
    bodyBytes: LARGE,
    silentForMs: 250,
    onConnection: (socket) => socket.pause(),
    expected: { outcome: 'timeout', error: /answer/ },
  },
  {
    name: 'an answer before the request was read',
    bodyBytes: LARGE,
    onConnection: (socket) => socket.once('data', () => socket.pause().write(OK)),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'an answer before the request was read, then the end',
    bodyBytes: LARGE,
    onConnection: (socket) => socket.once('data', () => socket.end(OK)),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'a 413 before the request was read, then the end',
    bodyBytes: LARGE,
    onConnection: (socket) => {
      const refusal = 'HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
      socket.once('data', () => socket.end(refusal))
    },
    expected: { outcome: 'http_error', statusCode: 413 },
  },
  {
    name: 'a reset between two requests of a connection',
    warmUps: 1,
    onRequest: (socket, count) => (count === 2 ? socket.resetAndDestroy() : socket.write(OK)),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'the end between two requests of a connection',
    warmUps: 1,
    onRequest: (socket, count) => (count === 2 ? socket.end() : socket.write(OK)),
    expected: { outcome: 'success', statusCode: 200 },
  },
  {
    name: 'a kept connection, and every new one, that breaks',
    warmUps: 1,
    onRequest: saysAndResets(''),
    ...reset,
  },
  {
    name: 'an answer to the next request before it is sent',
    onRequest: says(`${OK}HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n`),
    expected: { outcome: 'success', statusCode: 200 },
  },
  { name: 'nobody at the port', absent: true, expected: { outcome: 'connect', error: /refused/ } },
]
