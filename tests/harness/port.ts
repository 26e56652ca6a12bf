import { createServer } from 'node:net'

/**
 * Below the range from which the kernel takes the ports of outgoing connections (32768 and up), so
 * that a port is still free when its process is killed and started again, and so that a client that
 * knocks while nobody listens cannot be given that very port as its own and connect to itself.
 */
const FIRST_PORT = 12_000
const LAST_PORT = 32_000

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT))
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  return promise
}
