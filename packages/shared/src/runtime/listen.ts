import type { Server } from 'node:http'

/**
 * Listens on all addresses.
 * @param variable the environment variable that sets the port
 * @throws Error that says what to do when the port is taken
 */
export async function listen(server: Server, port: number, variable: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} is taken. Set ${variable} to a free one.`, { cause: error })
          : error,
      )
    })
    server.listen(port, resolve)
  })
}
