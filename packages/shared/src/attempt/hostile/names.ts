import { HOSTS, type HostileCase, OK, SILENCE_MS, says } from './case.ts'

const answers = says(OK)

/** Host names whose servers fail, lie or say nothing. */
export const names: readonly HostileCase[] = [
  {
    name: 'name servers that fail (SERVFAIL)',
    host: HOSTS.servfail,
    onRequest: answers,
    expected: { outcome: 'dns', error: /name servers failed/ },
  },
  {
    name: 'a name that does not exist (NXDOMAIN)',
    host: HOSTS.nxdomain,
    onRequest: answers,
    expected: { outcome: 'dns', error: /does not exist/ },
  },
  {
    name: 'a name without addresses',
    host: HOSTS.nothing,
    onRequest: answers,
    expected: { outcome: 'dns', error: /no address/ },
  },
  {
    name: 'name servers that are silent',
    host: HOSTS.silent,
    silentForMs: SILENCE_MS,
    onRequest: answers,
    expected: { outcome: 'timeout', error: /not resolved/ },
  },
  {
    name: 'a name that moves to a metadata service once its webhook has been used',
    host: HOSTS.moving,
    warmUps: 1,
    onRequest: (socket) => socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n`),
    expected: { outcome: 'blocked', error: /may not reach/ },
  },
]
