import { createServer, type Server } from 'node:http'
import { scraped } from '@posthorn/shared/runtime/exposition.ts'
import { readiness } from '@posthorn/shared/system/readiness.ts'

export interface ProbeDeps {
  /** Why only a restart helps; empty when this process lives. */
  readonly stuck: () => string[]
  /** Why this worker takes nothing; empty when it does. */
  readonly notReady: () => string[]
  /** What an operator should know of although it works. */
  readonly warnings: () => string[]
}

/** Probes and metrics of a worker; no key is needed. */
export function createProbeServer({ stuck, notReady, warnings }: ProbeDeps): Server {
  return createServer((request, response) => {
    const path = request.url?.split('?')[0]
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify(body))
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(405, { error: 'Only GET is answered here.' })
    }
    if (path === '/healthz') {
      const reasons = stuck()
      return reasons.length === 0
        ? answer(200, { status: 'ok' })
        : answer(503, { status: 'stuck', reasons })
    }
    if (path === '/readyz') {
      const { status, body } = readiness(notReady(), warnings())
      return answer(status, body)
    }
    if (path !== '/metrics') {
      return answer(404, { error: 'A worker has /healthz, /readyz and /metrics.' })
    }
    scraped('worker', notReady().length === 0, request.headers.accept).then(
      ({ contentType, text }) => {
        response.writeHead(200, { 'content-type': contentType })
        response.end(text)
      },
      (error: Error) => answer(500, { error: error.message }),
    )
  })
}
