import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Stats } from '../api/stats.ts'
import { count, duration, percent } from '../format/numbers.ts'
import { span } from '../format/time.ts'
import { Figure, Figures } from '../ui/figure.tsx'
import { Ago } from '../ui/time.tsx'
import { rateTone } from '../webhooks/health.tsx'

const SECOND_MS = 1_000

/** What stands open, and how it moves. */
export function Now({ stats }: { readonly stats: Stats }) {
  const { now } = stats
  const { oldestOpenAt, secondsToDrain } = now
  const waiting = now.pending + now.parked
  return (
    <section aria-label="Now">
      <Figures>
        <Figure
          label="Throughput"
          about={`${perSecond(now.deliveredPerSecond)} delivered per second`}
        >
          {perSecond(now.attemptsPerSecond)}/s
        </Figure>
        <Figure
          label="Waiting"
          about={
            // What is parked waits for its webhook, not for its turn.
            now.pending > 0 && secondsToDrain !== null
              ? `drained in ${span(secondsToDrain * SECOND_MS)}`
              : parkedOf(waiting, now.parked)
          }
        >
          {count(waiting)}
        </Figure>
        <Figure
          label="Retrying"
          about={
            oldestOpenAt ? (
              <>
                oldest open <Ago time={oldestOpenAt} />
              </>
            ) : (
              'nothing is open'
            )
          }
        >
          <Filtered status="retrying">{count(now.retrying)}</Filtered>
        </Figure>
        <Figure label="Dead letters" about="until redriven or purged">
          <Link to="/dead-letters" className={now.deadLetters > 0 ? 'text-bad' : 'text-ink'}>
            {count(now.deadLetters)}
          </Link>
        </Figure>
        {now.workers !== undefined && (
          <Figure
            label="Workers alive"
            about={`oldest job waits ${duration(now.oldestWaitingMs ?? 0)}`}
          >
            <Link to="/operations" className={now.workers === 0 ? 'text-bad' : 'text-ink'}>
              {now.workers}
            </Link>
          </Figure>
        )}
      </Figures>
    </section>
  )
}

function Filtered({ status, children }: { readonly status: string; readonly children: ReactNode }) {
  return (
    <Link to="/deliveries" search={{ status }} className="text-ink">
      {children}
    </Link>
  )
}

/** Over the window that is shown. */
export function Performance({ stats }: { readonly stats: Stats }) {
  const { attempts, delivered, dead, successRate, latencyMs } = stats
  const ms = (value: number | null) => (value === null ? '–' : duration(value))
  return (
    <section aria-label="Over the time shown">
      <Figures>
        <Figure label="Success rate">
          <span className={rateTone(successRate)}>
            {successRate === null ? '–' : percent(successRate)}
          </span>
        </Figure>
        <Figure label="Attempts">{count(attempts)}</Figure>
        <Figure label="Delivered">{count(delivered)}</Figure>
        <Figure label="Dead">{count(dead)}</Figure>
        <Figure label="p50">{ms(latencyMs.p50)}</Figure>
        <Figure label="p95">{ms(latencyMs.p95)}</Figure>
        <Figure label="p99">{ms(latencyMs.p99)}</Figure>
      </Figures>
    </section>
  )
}

function parkedOf(waiting: number, parked: number): string {
  if (waiting === 0) return 'nothing is waiting'
  return parked === waiting ? 'all parked' : `${count(parked)} of them parked`
}

function perSecond(rate: number): string {
  return rate < 10 ? String(Math.round(rate * 10) / 10) : count(Math.round(rate))
}
