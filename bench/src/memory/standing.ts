/** Where deliveries stand that have not arrived, as the worker tells it to a Prometheus. */
export interface Standing {
  /** Attempts that have ended, by outcome. */
  readonly attempts: Readonly<Record<string, number>>
  /** Events wait in batches of up to 25. */
  readonly batches: number
  readonly wakeUps: number
  readonly inTheAir: number
  readonly parked: number
  readonly openCircuits: number
  /** Of which the next attempt is due later. */
  readonly retries: number
  /** For how long the most overdue wake-up has been due. */
  readonly overdueSeconds: number
  readonly dead: number
}

/** @param metrics in the text format of Prometheus */
export function standingOf(metrics: string): Standing {
  const series = [...metrics.matchAll(/^posthorn_(\w+)(?:\{(.*)\})? ([^ \n]+)/gm)]
  const found = (name: string, ...labels: string[]) =>
    series.filter(
      ([, of, all = '']) => of === name && labels.every((label) => all.split(',').includes(label)),
    )
  const sum = (name: string, ...labels: string[]) =>
    found(name, ...labels).reduce((total, [, , , value]) => total + Number(value), 0)
  const jobs = (queue: string) =>
    sum('queue_jobs', `queue="${queue}"`, 'state="waiting"') +
    sum('queue_jobs', `queue="${queue}"`, 'state="active"')
  const attempts: Record<string, number> = {}
  for (const [, , labels = '', value] of found('delivery_attempts_total')) {
    const outcome = /outcome="(\w+)"/.exec(labels)?.[1] ?? 'unknown'
    attempts[outcome] = (attempts[outcome] ?? 0) + Number(value)
  }
  return {
    attempts,
    batches: jobs('events'),
    wakeUps: jobs('deliveries'),
    inTheAir: sum('inflight_attempts'),
    parked: sum('parked_deliveries'),
    openCircuits: sum('circuits', 'state="open"') + sum('circuits', 'state="half_open"'),
    retries: sum('retries_scheduled'),
    overdueSeconds: sum('queue_oldest_waiting_seconds', 'queue="deliveries"'),
    dead: sum('dead_letters'),
  }
}

/** Whether all that is missing waits for its next attempt after one that failed, and is not overdue. */
export const isDueLater = (missing: number, { retries, overdueSeconds }: Standing): boolean =>
  missing <= retries && overdueSeconds === 0

export const attemptsOf = ({ attempts }: Standing): number =>
  Object.values(attempts).reduce((sum, each) => sum + each, 0)

const number = (value: number) => value.toLocaleString('en-US')

export function standingText({ attempts, ...standing }: Standing): string {
  const { batches, wakeUps, inTheAir, parked, openCircuits, retries, dead } = standing
  const failed = Object.entries(attempts)
    .filter(([outcome, count]) => outcome !== 'success' && count > 0)
    .map(([outcome, count]) => `${number(count)} ${outcome}`)
  const all = [
    [batches, 'batches of events wait or are worked on'],
    [wakeUps, 'retries are due'],
    [inTheAir, 'attempts are in the air'],
    [parked, `are parked (open circuits: ${number(openCircuits)})`],
    [retries, 'are tried again later'],
    [dead, 'are dead letters'],
  ] as const
  const told = all.flatMap(([count, what]) => (count === 0 ? [] : [`${number(count)} ${what}`]))
  const where = told.length === 0 ? 'the worker knows of nothing to do' : told.join(', ')
  return `${where}; failed attempts: ${failed.join(', ') || 'none'}`
}
