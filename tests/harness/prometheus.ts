import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { repositoryRoot } from './place.ts'
import { freePort } from './port.ts'
import { waitFor } from './wait.ts'

interface Tools {
  readonly prometheus: string
  readonly redisExporter: string
}

interface FindTools {
  findPrometheus(options: {
    folder: string
    progress: (line: string) => void
  }): Promise<Tools | undefined>
  readonly NO_PROMETHEUS: string
}

// The scripts run before anything is installed, so they belong to no package: hence by path.
const find = (await import(`${repositoryRoot}/scripts/prometheus/find.mjs`)) as FindTools
export const { NO_PROMETHEUS } = find
export const tools = await find.findPrometheus({
  folder: `${repositoryRoot}/.posthorn/prometheus`,
  progress: (line) => console.error(line),
})

export interface Target {
  readonly job: string
  readonly port: number
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A real Prometheus that scrapes these each second, and the exporter of a Redis beside it. */
export class Prometheus {
  readonly #folder = mkdtempSync(join(tmpdir(), 'posthorn-prometheus-'))
  readonly #children: ChildProcess[] = []
  #url = ''
  #output = ''

  static async start(
    targets: readonly Target[],
    redisUrl: string,
    { prometheus, redisExporter }: Tools,
  ): Promise<Prometheus> {
    const started = new Prometheus()
    const [port, exporter] = [await freePort(), await freePort()]
    const exporterArgs = [`--redis.addr=${redisUrl}`, `--web.listen-address=127.0.0.1:${exporter}`]
    started.#spawn(redisExporter, exporterArgs)
    const all = [...targets, { job: 'posthorn-redis', port: exporter }]
    const file = join(started.#folder, 'prometheus.yml')
    writeFileSync(file, JSON.stringify(configOf(all)))
    started.#spawn(prometheus, [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(started.#folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--enable-feature=exemplar-storage',
    ])
    started.#url = `http://127.0.0.1:${port}`
    await waitFor(async () => (await started.query('sum(up)'))[0]?.value === all.length, {
      what: 'Prometheus to have scraped every target',
      context: () => started.#output.slice(-4_000),
    })
    return started
  }

  #spawn(command: string, args: readonly string[]): void {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const note = (chunk: Buffer): void => {
      this.#output += chunk
    }
    child.stdout.on('data', note)
    child.stderr.on('data', note)
    child.on('error', (error) => note(Buffer.from(error.message)))
    process.once('exit', () => child.kill('SIGKILL'))
    this.#children.push(child)
  }

  /** @throws what Prometheus answers to a query that is none */
  async query(expr: string): Promise<Sample[]> {
    const { result } = await this.#ask<{
      result: { metric: Record<string, string>; value: [number, string] }[]
    }>('query', { query: expr })
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
  }

  /** Ids of the traces that the series of the last hour name as examples. */
  async tracesOf(series: string): Promise<string[]> {
    const now = Date.now() / 1_000
    const found = await this.#ask<{ exemplars: { labels: { trace_id: string } }[] }[]>(
      'query_exemplars',
      { query: series, start: now - 3_600, end: now + 60 },
    )
    return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id))
  }

  async #ask<Data>(what: string, query: Record<string, string | number>): Promise<Data> {
    const { body } = await request(`${this.#url}/api/v1/${what}`, { query })
    const answer = (await body.json()) as { status: string; error?: string; data: Data }
    if (answer.status !== 'success') throw new Error(`${query.query}: ${answer.error}`)
    return answer.data
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      const ended = new Promise((resolve) => child.once('close', resolve))
      if (child.exitCode !== null) continue
      child.kill('SIGTERM')
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** JSON is YAML. */
function configOf(targets: readonly Target[]): unknown {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [`${repositoryRoot}/deploy/prometheus/posthorn.rules.yml`],
    scrape_configs: [...new Set(targets.map(({ job }) => job))].map((job) => ({
      job_name: job,
      static_configs: [
        {
          targets: targets
            .filter((target) => target.job === job)
            .map(({ port }) => `127.0.0.1:${port}`),
          labels: { namespace: 'test' },
        },
      ],
    })),
  }
}
