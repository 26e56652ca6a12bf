/** Questions to Prometheus that docs/metrics.md answers; the metrics they name are checked. */
export interface Question {
  readonly asks: string
  readonly query: string
  readonly reads: string
}

export const QUESTIONS: readonly Question[] = [
  {
    asks: 'Which share of deliveries succeeds?',
    query: `sum(rate(posthorn_deliveries_total{result="delivered"}[15m]))
  / sum(rate(posthorn_deliveries_total{result=~"delivered|dead"}[15m]))`,
    reads:
      'Of those that ended. Each is counted by the one process that ended it, so `sum` is right. Retries that are still due are not in it.',
  },
  {
    asks: 'Which share of single requests succeeds?',
    query: `sum(rate(posthorn_delivery_attempts_total{outcome="success"}[5m]))
  / sum(rate(posthorn_delivery_attempts_total[5m]))`,
    reads: 'Falls first when receivers fail; with `by (outcome)` on the upper half it says how.',
  },
  {
    asks: 'How long from acceptance to delivery, p99?',
    query: `histogram_quantile(0.99,
  sum by (le) (rate(posthorn_delivery_latency_seconds_bucket{attempt="first"}[5m])))`,
    reads:
      'Of deliveries whose first attempt made it. An answer lies between two buckets: take it as an order of magnitude.',
  },
  {
    asks: 'How large is the backlog?',
    query: 'sum(max by (queue) (posthorn_queue_jobs{state="waiting", queue!="dead-letters"}))',
    reads:
      'Jobs that are due and not taken; one of `events` carries up to 25 events. What waits for a retry or in a lane is in `posthorn_retries_scheduled` and `posthorn_parked_deliveries`.',
  },
  {
    asks: 'Do dead letters grow?',
    query: 'sum(increase(posthorn_deliveries_total{result="dead"}[1h]))',
    reads:
      'New ones, whatever is redriven or purged meanwhile. `max(posthorn_dead_letters)` is how many wait now.',
  },
  {
    asks: 'Is anything stuck?',
    query: `max by (queue) (posthorn_queue_oldest_waiting_seconds) > 30
  or max by (queue) (posthorn_queue_jobs{state="failed"}) > 0
  or sum(increase(posthorn_missing_records_total[1h])) > 0`,
    reads: 'Empty when all is well; worth an alert.',
  },
  {
    asks: 'Is Redis safe?',
    query: `max(posthorn_redis_memory_ratio) > 0.7
  or min(posthorn_redis_aof_enabled) == 0
  or min(posthorn_redis_noeviction) == 0`,
    reads: 'Empty when all is well. From 0.85 on nothing new is accepted, so look before.',
  },
]
