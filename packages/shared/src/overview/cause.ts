/**
 * Says in one sentence how things stand and, if they do not stand well, what the cause is: the first of
 * these that holds, the one that harms most deliveries first.
 *
 *     no worker ─ Redis full ─ workers do not keep up ─ open circuits ─ webhooks that fail ─
 *     paused with deliveries waiting ─ Redis may lose events ─ all well
 */
export interface Situation {
  readonly nowMs: number
  /** Undefined where whoever asks sees a tenant only. */
  readonly installation?: {
    readonly workers: number
    /** 0 to 1; from `fullAtRatio` on no event is accepted. */
    readonly memoryRatio: number
    readonly fullAtRatio: number
    /** Why Redis may lose events, in words. */
    readonly dangers: readonly string[]
    /** How long the job that waits longest has been due. */
    readonly oldestWaitingMs: number
  }
  /** Deliveries that wait for their first attempt. */
  readonly pending: number
  /** Webhooks whose last attempts failed. Those named first are told of first. */
  readonly failing: readonly FailingWebhook[]
  /** Deliveries parked for webhooks that somebody has paused. */
  readonly paused?: { readonly webhooks: number; readonly parked: number }
}

export interface FailingWebhook {
  readonly id: string
  readonly url: string
  readonly isOpen: boolean
  /** In a row. */
  readonly failures: number
  readonly sinceMs: number
  /** The outcome of the last one, like `timeout` or `http_error 503`. */
  readonly lastFailure: string
  readonly parked: number
}

export const SEVERITIES = ['ok', 'notice', 'warning', 'critical'] as const

export interface Cause {
  readonly severity: (typeof SEVERITIES)[number]
  readonly sentence: string
  /** The webhook that the sentence names, if it is one. */
  readonly webhook?: string
  readonly sinceMs?: number
}

/** Waiting longer than this, deliveries are late by the workers' doing. */
const LATE_MS = 10_000
const VERY_LATE_MS = 60_000
/** Fewer failures in a row happen to every receiver. */
const WORTH_TELLING = 3

export function causeOf(situation: Situation): Cause {
  return (
    installationCause(situation) ??
    failingCause(situation) ??
    pausedCause(situation) ??
    dangerCause(situation) ?? { severity: 'ok', sentence: 'All is well: nothing fails.' }
  )
}

function installationCause({ installation, pending }: Situation): Cause | undefined {
  if (!installation) return undefined
  const { workers, memoryRatio, fullAtRatio, oldestWaitingMs } = installation
  const waiting = pending > 0 ? `; ${deliveries(pending)} waiting` : ''
  if (workers === 0) return { severity: 'critical', sentence: `No worker is running${waiting}.` }
  if (memoryRatio >= fullAtRatio) {
    const used = Math.round(memoryRatio * 100)
    return {
      severity: 'critical',
      sentence: `Redis uses ${used} % of its memory: no new events are accepted.`,
    }
  }
  if (oldestWaitingMs < LATE_MS) return undefined
  const severity = oldestWaitingMs < VERY_LATE_MS ? 'warning' : 'critical'
  return {
    severity,
    sentence: `Workers do not keep up: the oldest job has waited for ${duration(oldestWaitingMs)}${waiting}.`,
  }
}

function failingCause({ failing, nowMs }: Situation): Cause | undefined {
  const told = failing.filter(({ isOpen, failures }) => isOpen || failures >= WORTH_TELLING)
  const open = told.filter(({ isOpen }) => isOpen)
  const worst = (open.length > 0 ? open : told).toSorted(
    (a, b) => b.parked - a.parked || b.failures - a.failures || a.sinceMs - b.sinceMs,
  )
  const [first, ...others] = worst
  if (!first) return undefined
  const parked = worst.reduce((total, each) => total + each.parked, 0)
  const tail = [
    parked > 0 ? `${deliveries(parked)} parked` : undefined,
    // What fails now and then beside what is down is not "nothing".
    open.length === told.length || open.length === 0 ? 'nothing else affected' : undefined,
  ].filter((part) => part !== undefined)
  return {
    severity: open.length > 0 ? 'warning' : 'notice',
    sentence: `${subject(first, others.length, nowMs)}${tail.length > 0 ? `; ${tail.join(', ')}` : ''}.`,
    ...(others.length === 0 ? { webhook: first.id } : {}),
    sinceMs: Math.min(...worst.map(({ sinceMs }) => sinceMs)),
  }
}

function subject(first: FailingWebhook, others: number, nowMs: number): string {
  const said = `\`${origin(first.url)}\` ${verb(first.lastFailure)} since ${clock(first.sinceMs, nowMs)}`
  if (others === 0) return said
  return `${number(others + 1)} webhooks fail, the worst: ${said}`
}

function pausedCause({ paused }: Situation): Cause | undefined {
  if (!paused || paused.parked === 0) return undefined
  const { webhooks, parked } = paused
  const who =
    webhooks === 1 ? 'a webhook that is paused' : `${number(webhooks)} webhooks that are paused`
  return { severity: 'notice', sentence: `${deliveries(parked)} wait for ${who}; nothing fails.` }
}

function dangerCause({ installation }: Situation): Cause | undefined {
  const [danger] = installation?.dangers ?? []
  return danger === undefined ? undefined : { severity: 'notice', sentence: `${danger}.` }
}

const VERBS: Record<string, string> = {
  timeout: 'times out',
  dns: 'cannot be resolved',
  connect: 'cannot be connected to',
  tls: 'fails the TLS handshake',
  reset: 'breaks connections off',
  protocol: 'does not answer in HTTP',
  blocked: 'has an address that webhooks may not reach',
  redirect: 'redirects',
  http_error: 'answers with errors',
}

function verb(lastFailure: string): string {
  const [outcome = '', status] = lastFailure.split(' ')
  if (outcome === 'http_error' && status) return `answers ${status}`
  if (outcome === 'redirect' && status) return `redirects (${status})`
  return Object.hasOwn(VERBS, outcome) ? (VERBS[outcome] as string) : 'fails'
}

/** Without its path: some hold a secret there. */
const origin = (url: string) => (URL.canParse(url) ? new URL(url).origin : url)

const number = (value: number) => value.toLocaleString('en')
const deliveries = (count: number) => (count === 1 ? '1 delivery' : `${number(count)} deliveries`)

function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}

const DAY_MS = 86_400_000

/** `02:14 UTC`, with its date unless it is less than a day ago. */
function clock(atMs: number, nowMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T')
  const minute = `${time.slice(0, 5)} UTC`
  return nowMs - atMs < DAY_MS ? minute : `${date} ${minute}`
}
