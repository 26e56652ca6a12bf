import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface BenchReceiver {
  readonly port: number
  /** By event id: when it came first. */
  readonly arrivedMs: ReadonlyMap<string, number>
  reset(): void
  close(): void
}

/** Answers everything at once and notes when each event came. */
export async function openReceiver(port: number): Promise<BenchReceiver> {
  const arrivedMs = new Map<string, number>()
  const server = createServer((request, response) => {
    const id = String(request.headers['webhook-id'] ?? '')
    if (!arrivedMs.has(id)) arrivedMs.set(id, performance.now())
    request.resume()
    response.end('ok')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    arrivedMs,
    reset: () => arrivedMs.clear(),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
