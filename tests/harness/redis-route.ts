import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * A way to Redis with weather of its own: its connections can go dead as when a host or a route
 * vanishes (no FIN, no RST), it can be closed for all for a while, and it can be slow.
 */
export class RedisRoute {
  readonly #server: Server
  #pairs: Pair[] = []
  #delayMs = 0
  #open: Promise<void> | undefined

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(redisUrl: string): Promise<RedisRoute> {
    const { hostname, port } = new URL(redisUrl)
    const route = new RedisRoute(
      createServer({ noDelay: true }, (inner) => {
        const outer = connect({ port: Number(port), host: hostname, noDelay: true })
        const pair: Pair = { inner, outer, isDead: false }
        for (const socket of [inner, outer]) socket.on('error', () => undefined)
        inner.on('close', () => outer.destroy())
        outer.on('close', () => inner.destroy())
        route.#relay(pair, inner, outer)
        route.#relay(pair, outer, inner)
        route.#pairs = [...route.#pairs.filter((each) => !each.inner.destroyed), pair]
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
    const dead = this.#pairs.splice(0).filter(({ inner }) => !inner.destroyed)
    for (const pair of dead) {
      pair.isDead = true
      pair.inner.pause()
      pair.outer.pause()
    }
    return dead.length
  }

  /** Nothing comes through, in either direction, until what is returned is called. */
  partition(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#open = promise
    return () => {
      this.#open = undefined
      resolve()
    }
  }

  /** From now on each chunk takes this long, in either direction. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const { inner, outer } of this.#pairs) {
      inner.destroy()
      outer.destroy()
    }
  }

  /** In order, whatever the weather. */
  #relay(pair: Pair, from: Socket, to: Socket): void {
    let last = Promise.resolve()
    let waiting = 0
    from.on('data', (chunk) => {
      if (this.#delayMs === 0 && this.#open === undefined && waiting === 0) {
        if (!pair.isDead) to.write(chunk)
        return
      }
      const dueMs = performance.now() + this.#delayMs
      waiting++
      last = last.then(async () => {
        await pause(Math.max(0, dueMs - performance.now()))
        await this.#open
        waiting--
        if (!pair.isDead && !to.destroyed) to.write(chunk)
      })
    })
  }
}

interface Pair {
  readonly inner: Socket
  readonly outer: Socket
  isDead: boolean
}
