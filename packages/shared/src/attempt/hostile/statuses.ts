import { type HostileCase, OK, says } from './case.ts'

const METADATA = 'http://169.254.169.254/latest/meta-data/'

const status = (code: number, headers = '') =>
  says(`HTTP/1.1 ${code} X\r\n${headers}content-length: 0\r\n\r\n`)

const redirects = [301, 302, 303, 307, 308].map(
  (code): HostileCase => ({
    name: `${code} to a metadata service is not followed`,
    onRequest: status(code, `location: ${METADATA}\r\n`),
    expected: { outcome: 'redirect', statusCode: code, error: /not followed/ },
  }),
)

const SECOND_MS = 1_000
const DAY_MS = 24 * 60 * 60 * SECOND_MS
/** What the policy of the test asks for; a Retry-After only ever makes it later. */
const POLICY_MS = 5 * SECOND_MS

const WAITS: [retryAfter: string, waitMs: number][] = [
  ['7', 7 * SECOND_MS],
  ['1', POLICY_MS],
  ['0', POLICY_MS],
  ['-30', POLICY_MS],
  ['99999999999999999999', DAY_MS],
  [new Date(Date.UTC(2000, 0)).toUTCString(), POLICY_MS],
  [new Date(Date.UTC(2999, 0)).toUTCString(), DAY_MS],
  ['soon; drop table', POLICY_MS],
  ['1e3', POLICY_MS],
  ['0x10', POLICY_MS],
]

const retryAfters = [429, 503].flatMap((code) =>
  WAITS.map(
    ([retryAfter, waitMs]): HostileCase => ({
      name: `${code} with Retry-After: ${retryAfter}`,
      onRequest: status(code, `retry-after: ${retryAfter}\r\n`),
      expected: { outcome: 'http_error', statusCode: code, retryAfter, waitMs },
    }),
  ),
)

/** Answers that are sound HTTP and still no success, or a success that looks like none. */
export const statuses: readonly HostileCase[] = [
  {
    name: '500 with a body',
    onRequest: says('HTTP/1.1 500 Oops\r\ncontent-length: 3\r\n\r\nbad'),
    expected: { outcome: 'http_error', statusCode: 500, responseBytes: 3 },
  },
  { name: '410', onRequest: status(410), expected: { outcome: 'http_error', statusCode: 410 } },
  {
    name: '304',
    onRequest: says('HTTP/1.1 304 Not Modified\r\n\r\n'),
    expected: { outcome: 'redirect', statusCode: 304 },
  },
  {
    name: '300 without a location',
    onRequest: status(300),
    expected: { outcome: 'redirect', statusCode: 300 },
  },
  {
    name: 'a status beyond all classes',
    onRequest: status(799),
    expected: { outcome: 'http_error', statusCode: 799 },
  },
  {
    name: '204 without a body',
    onRequest: says('HTTP/1.1 204 No Content\r\n\r\n'),
    expected: { outcome: 'success', statusCode: 204 },
  },
  {
    name: '204 with a body',
    onRequest: says('HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello'),
    expected: { outcome: 'success', statusCode: 204 },
  },
  {
    name: '100, then 200',
    onRequest: says('HTTP/1.1 100 Continue\r\n\r\n', OK),
    expected: { outcome: 'success', responseBytes: 2 },
  },
  {
    name: '103 with headers and 100, then 200',
    onRequest: says(
      'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n',
      OK,
    ),
    expected: { outcome: 'success', responseBytes: 2 },
  },
  {
    name: '101',
    onRequest: says(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    ),
    expected: { outcome: 'protocol' },
  },
  {
    name: 'more than the one answer',
    onRequest: says(OK + OK),
    expected: { outcome: 'success', responseBytes: 2 },
  },
  ...redirects,
  ...retryAfters,
]
