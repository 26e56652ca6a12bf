import type { ServerResponse } from 'node:http'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import type { LogEntry } from '@posthorn/shared/history/log.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { StreamFeed } from './feed.ts'
import { watchRight } from './revoked.ts'
import type { LogTail } from './tail.ts'

interface StreamDeps {
  readonly tail: Pick<LogTail, 'listen'>
  readonly keys: { exists(id: string): Promise<boolean> }
  readonly sessions: { exists(digest: string): Promise<boolean> }
  /** Aborts when the process is to end: every stream ends then. */
  readonly stopping: AbortSignal
}

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Reverse proxies are not to gather what is meant to be seen at once.
  'x-accel-buffering': 'no',
  // The connection ends with the stream, so that a process that ends need not wait for it.
  connection: 'close',
}

export function streamRoute(deps: StreamDeps): Route {
  const { tail, stopping } = deps
  return route({
    method: 'GET',
    path: '/v1/stream',
    summary: 'Attempts as they end',
    description:
      'Server-sent events `attempt` with `{delivery, event, webhook, tenant, type, number, outcome, statusCode, durationMs, at}`. A reader that cannot keep up misses some and is told by an event `missed`. The stream ends when its API key is deleted or its session ends.',
    tag: 'Operations',
    role: 'viewer',
    query: z.strictObject({ tenant: tenantSchema.optional() }),
    responses: { 200: { description: 'The stream', mediaType: 'text/event-stream' } },
    handle: async ({ query, tenantFilter, principal }) => {
      const tenant = tenantFilter(query.tenant)
      if (stopping.aborted) throw new ProblemError('shutting_down')
      const early: LogEntry[] = []
      let tell = (entry: LogEntry): void => {
        early.push(entry)
      }
      const leave = await tail.listen((entry) => tell(entry))
      const stream = (response: ServerResponse) => {
        const feed = new StreamFeed(response, tenant)
        tell = (entry) => feed.tell(entry)
        early.forEach(tell)
        const right = watchRight(() => stillMay(deps, principal))
        whenOver(response, [stopping, right.signal], () => {
          right.stop()
          leave()
          feed.end()
        })
      }
      return { status: 200, headers: HEADERS, stream }
    },
  })
}

/** The root key is in the configuration: it goes with the process. */
async function stillMay(
  { keys, sessions }: StreamDeps,
  { keyId, session }: Principal,
): Promise<boolean> {
  if (keyId !== undefined && !(await keys.exists(keyId))) return false
  return session === undefined || (await sessions.exists(session))
}

/** Calls back once: when the reader has gone, or when one of the signals says so. */
function whenOver(
  response: ServerResponse,
  signals: readonly AbortSignal[],
  then: () => void,
): void {
  const over = () => {
    response.off('close', over)
    for (const signal of signals) signal.removeEventListener('abort', over)
    then()
  }
  if (response.closed || signals.some((signal) => signal.aborted)) {
    over()
    return
  }
  response.once('close', over)
  for (const signal of signals) signal.addEventListener('abort', over)
}
