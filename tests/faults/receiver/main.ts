import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { machineMs } from '../clock.ts'
import { type Behaviour, isRefusedFirst, numberOf } from '../load/events.ts'
import { LedgerBook } from './ledger.ts'
import { PaceBook } from './pace.ts'
import type { Progress, Question } from './process.ts'

// The subscribers: a process of their own, so that a slow oracle never looks like a slow Posthorn.
// A path per subscriber; what happened is counted in ledgers and told when asked.

const PROGRESS_EVERY_MS = 25

const subscribers = new Map<string, { behaviour: Behaviour; book: LedgerBook; pace: PaceBook }>()

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.on('error', () => undefined)
  response.on('error', () => undefined)
  request.on('end', () => take(request, response))
  request.resume()
})

function take(request: IncomingMessage, response: ServerResponse): void {
  const subscriber = subscribers.get(request.url ?? '')
  if (!subscriber) {
    response.writeHead(404).end()
    return
  }
  const { behaviour, book, pace } = subscriber
  const id = String(request.headers['webhook-id'])
  const n = numberOf(id)
  if (n < 0) book.stranger(id)
  const atMs = machineMs()
  const ended = pace.began(atMs)
  response.once('close', () => ended(machineMs()))
  const before = n < 0 ? 0 : book.arrived(n, atMs)
  if (book.total <= (behaviour.hangs ?? 0)) return
  const isRefused = behaviour.refuses && before === 0 && isRefusedFirst(n)
  const status = isRefused ? 500 : (behaviour.status ?? 200)
  if (behaviour.delayMs === undefined) answer(response, book, n, status)
  else setTimeout(() => answer(response, book, n, status), behaviour.delayMs)
}

function answer(response: ServerResponse, book: LedgerBook, n: number, status: number): void {
  // Whoever asked has gone: nobody was told anything.
  if (response.destroyed || !response.socket?.writable) return
  response.writeHead(status, { 'content-length': 0 }).end()
  if (n >= 0) book.answered(n, status)
}

function progress(): Progress {
  const counts: Record<string, { total: number; seen: number }> = {}
  for (const [path, { book }] of subscribers) counts[path] = { total: book.total, seen: book.seen }
  return { kind: 'progress', atMs: machineMs(), counts }
}

process.on('message', (question: Question) => {
  if (question.kind === 'subscriber') {
    const known = subscribers.get(question.path)
    const { book, pace } = known ?? { book: new LedgerBook(), pace: new PaceBook() }
    subscribers.set(question.path, { behaviour: question.behaviour, book, pace })
    process.send?.({ kind: 'done', id: question.id })
  } else if (question.kind === 'pace') {
    const pace = subscribers.get(question.path)?.pace.take()
    process.send?.({ kind: 'pace', id: question.id, pace })
  } else {
    const ledger = subscribers.get(question.path)?.book.snapshot()
    process.send?.({ kind: 'ledger', id: question.id, ledger })
  }
})
process.on('disconnect', () => process.exit(0))
// A parent that was killed leaves a pipe that breaks before the disconnect is seen.
process.on('error', () => process.exit(0))

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.({ kind: 'listening', port: (server.address() as AddressInfo).port })
  setInterval(() => process.connected && process.send?.(progress()), PROGRESS_EVERY_MS)
})
