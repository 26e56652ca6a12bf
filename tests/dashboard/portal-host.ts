import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { nodeBinary, repositoryRoot } from '../harness/place.ts'
import { freePort } from '../harness/port.ts'
import { waitFor } from '../harness/wait.ts'

interface HostOptions {
  readonly port: number
  readonly url: string
  readonly key: string
  readonly tenant: string
}

/** The application of examples/portal, on `localhost`: to the API's 127.0.0.1 a foreign site. */
export class PortalHost {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  static freePort = freePort
  static originAt = (port: number): string => `http://localhost:${port}`

  static async start({ port, url, key, tenant }: HostOptions): Promise<PortalHost> {
    const file = `${repositoryRoot}/examples/portal/host.mjs`
    const env = { POSTHORN_URL: url, POSTHORN_KEY: key, PORT: String(port), TENANT: tenant }
    const child = spawn(nodeBinary, [file], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const host = new PortalHost(PortalHost.originAt(port), child)
    await waitFor(async () => (await fetch(host.url)).ok, { what: `the host at ${host.url}` })
    return host
  }

  async stop(): Promise<void> {
    const gone = this.#child.exitCode ?? once(this.#child, 'exit')
    this.#child.kill()
    await gone
  }
}
