import type { Posthorn } from '../posthorn/system.ts'
import { scrapeHolds } from './judge.ts'
import { p95Of } from './percentile.ts'
import type { Scrape } from './result.ts'

const SCRAPES = 40

/** What a Prometheus gets, and how long it takes. */
export async function scrapes(system: Posthorn, webhooks: number): Promise<Scrape[]> {
  const processes = [
    ['API', system.target.port] as const,
    ...system.workerPorts.map((port) => ['worker', port] as const),
  ]
  const scraped: Scrape[] = []
  for (const [process, port] of processes) {
    const tookMs: number[] = []
    let series = 0
    for (let i = 0; i < SCRAPES; i++) {
      const beganMs = performance.now()
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      tookMs.push(performance.now() - beganMs)
      series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
    }
    const p95Ms = p95Of(tookMs)
    scraped.push({ webhooks, process, series, p95Ms, holds: scrapeHolds(series, p95Ms) })
  }
  return scraped
}
