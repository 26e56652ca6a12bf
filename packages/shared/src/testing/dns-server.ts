import { createSocket } from 'node:dgram'
import { type Answer, decode, encode, type Packet } from 'dns-packet'

/**
 * What a name server says to one question: addresses of the family asked for, nothing of the kind
 * (`[]`), an error, no answer at all, or bytes that are none.
 */
export type DnsAnswer = readonly string[] | 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED' | 'silence' | Buffer

/** `nth` counts the questions for this name and family, from 1. */
export type DnsScript = (name: string, family: 4 | 6, nth: number) => DnsAnswer

export interface TestDnsServer {
  /** `127.0.0.1:port`, as POSTHORN_DNS_SERVERS takes it. */
  readonly address: string
  /** `name/family` of each question so far. */
  readonly questions: string[]
  close(): Promise<void>
}

const RCODES = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const

/** A name server on loopback that answers as a test wants, over UDP. */
export async function startDnsServer(script: DnsScript): Promise<TestDnsServer> {
  const socket = createSocket('udp4')
  const questions: string[] = []
  socket.on('message', (message, peer) => {
    const query = decode(message)
    const question = query.questions?.[0]
    if (!question) return
    const family = question.type === 'AAAA' ? 6 : 4
    const asked = `${question.name.toLowerCase()}/${family}`
    questions.push(asked)
    const nth = questions.filter((each) => each === asked).length
    const answer = script(question.name.toLowerCase(), family, nth)
    if (answer === 'silence') return
    socket.send(Buffer.isBuffer(answer) ? answer : reply(query, answer), peer.port, peer.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

function reply(query: Packet, answer: readonly string[] | keyof typeof RCODES): Buffer {
  const question = query.questions?.[0]
  const failed = typeof answer === 'string'
  const records = failed ? [] : answer.filter((each) => each.includes(':') === isV6(question?.type))
  return encode({
    type: 'response',
    id: query.id ?? 0,
    // Recursion desired and available; the code stands in the lowest four bits.
    flags: 0x0180 | (failed ? RCODES[answer] : 0),
    questions: query.questions ?? [],
    answers: records.map(
      (data): Answer => ({
        type: isV6(question?.type) ? 'AAAA' : 'A',
        name: question?.name ?? '',
        ttl: 0,
        data,
      }),
    ),
  })
}

const isV6 = (type: string | undefined): boolean => type === 'AAAA'
