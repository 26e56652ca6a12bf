import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A way to Redis. Its connections can go dead as when a host or a route vanishes: no FIN, no RST. */
export class RedisRoute {
  readonly #server: Server
  #pairs: [Socket, Socket][] = []

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(redisUrl: string): Promise<RedisRoute> {
    const { hostname, port } = new URL(redisUrl)
    const route = new RedisRoute(
      createServer((inner) => {
        const outer = connect(Number(port), hostname)
        for (const socket of [inner, outer]) socket.on('error', () => undefined)
        inner.on('close', () => outer.destroy())
        outer.on('close', () => inner.destroy())
        inner.pipe(outer).pipe(inner)
        route.#pairs.push([inner, outer])
      }),
    )
    route.#server.listen(0, '127.0.0.1')
    await once(route.#server, 'listening')
    return route
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Every connection goes dead; new ones work. @returns how many went dead */
  goDead(): number {
    const dead = this.#pairs.splice(0).filter(([inner]) => !inner.destroyed)
    for (const [inner, outer] of dead) {
      inner.unpipe(outer).pause()
      outer.unpipe(inner).pause()
    }
    return dead.length
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }
}
