import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { type LiveAttempt, PosthornProblem } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { clock, colour, outcomeWord } from '../output/words.ts'

interface Options {
  readonly webhook?: string
  readonly type?: string
  readonly failed?: boolean
}

const AGAIN_AFTER_MS = 1_000

export function tailCommand(program: Command): void {
  program
    .command('tail')
    .description('Attempts as they end, until Ctrl-C.')
    .option('--webhook <id>', 'only of this webhook')
    .option('--type <type>', 'only of this event type')
    .option('--failed', 'only those that failed')
    .action(action(tail))
}

async function tail({ client, output, options, tenant, url }: Context<Options>): Promise<void> {
  const ended = new AbortController()
  const { signal } = ended
  process.once('SIGINT', () => ended.abort())
  output.say(colour('dim', `attempts at ${url}, Ctrl-C ends`))
  while (!signal.aborted) {
    try {
      for await (const attempt of client.attempts({ ...tenant, signal })) {
        if (isWanted(attempt, options)) output.show(attempt, lineOf(attempt))
      }
    } catch (error) {
      if (signal.aborted) return
      // A key that may not is no fault that goes by.
      if (error instanceof PosthornProblem && error.status < 500) throw error
      output.say(colour('yellow', `${(error as Error).message}; trying again`))
    }
    await pause(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined)
  }
}

const isWanted = (attempt: LiveAttempt, { webhook, type, failed }: Options): boolean =>
  (webhook === undefined || attempt.webhook === webhook) &&
  (type === undefined || attempt.type === type) &&
  (!failed || attempt.outcome !== 'success')

function lineOf({
  at,
  outcome,
  statusCode,
  durationMs,
  type,
  event,
  webhook,
  number,
  delivery,
}: LiveAttempt) {
  const nth = number > 1 ? ` attempt ${number}` : ''
  return [
    colour('dim', clock(at)),
    outcomeWord(outcome, statusCode).padEnd(8),
    `${Math.round(durationMs)} ms`.padStart(8),
    type,
    event,
    `→ ${webhook}${nth}`,
    colour('dim', delivery),
  ].join('  ')
}
