import { type Command, Option } from 'commander'
import type { DeadLetter, DeadLetterCommand, DeadLetterFilter } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { UsageError } from '../input/usage-error.ts'
import { moment, positive } from '../input/values.ts'
import { count } from '../output/words.ts'
import { firstOf } from './first-of.ts'
import { follow } from './follow.ts'
import { LIMIT } from './list-options.ts'

interface Filter {
  readonly webhook?: string
  readonly type?: string
  readonly reason?: DeadLetter['reason']
  readonly since?: Date
  readonly until?: Date
}

interface CommandOptions extends Filter {
  readonly all?: boolean
  readonly rate?: number
  readonly dryRun?: boolean
  readonly detach?: boolean
}

export function deadLettersCommand(program: Command): void {
  const letters = program.command('dead-letters').description('Deliveries that ended undelivered.')
  filtered(letters.command('list', { isDefault: true }).description('Newest first.'))
    .addOption(LIMIT)
    .action(
      action(async ({ client, output, options, tenant }: Context<Filter & { limit: number }>) => {
        const { limit, ...filter } = options
        const list = client.deadLetters.list({ ...filter, ...tenant } as DeadLetterFilter)
        const found = await firstOf(list, limit)
        if (found.length === 0)
          output.say('No dead letters: everything was delivered, or still may be.')
        else output.table(found, COLUMNS)
      }),
    )
  for (const [name, about] of [
    ['redrive', 'Send them again.'],
    ['purge', 'Give them up for good.'],
  ] as const) {
    filtered(letters.command(name).description(about))
      .argument('[ids...]', 'these, instead of a filter')
      .option('--all', 'all of them')
      .option('--rate <n>', 'at most so many each second', positive)
      .option('--dry-run', 'only count them')
      .option('--detach', 'do not wait for its end')
      .action(action((context: Context<CommandOptions>, ids: string[]) => run(context, name, ids)))
  }
}

const REASONS = ['exhausted', 'gone', 'disabled', 'expired'] as const

const filtered = (command: Command): Command =>
  command
    .option('--webhook <id>', 'of this webhook')
    .option('--type <type>', 'of this event type')
    .addOption(new Option('--reason <reason>', 'that died of this').choices(REASONS))
    .option('--since <time>', 'dead not before: a time, or 15m, 2h, 7d ago', moment)
    .option('--until <time>', 'dead before', moment)

async function run(
  context: Context<CommandOptions>,
  name: 'redrive' | 'purge',
  ids: string[],
): Promise<void> {
  const { client, output, options, tenant } = context
  const which = commandOf(options, ids, tenant)
  if (options.dryRun) {
    const touched = await client.deadLetters.count(which)
    return output.show({ count: touched }, `${count(touched, 'dead letter')} would be ${name}d`)
  }
  const task = await client.deadLetters[name](which)
  if (options.detach) return output.show(task, `${task.id} started`)
  await follow(context, task)
}

function commandOf(
  { webhook, type, reason, since, until, all, rate }: CommandOptions,
  ids: string[],
  tenant: { readonly tenant?: string },
): DeadLetterCommand {
  const filter = { webhook, type, reason, since: since?.toISOString(), until: until?.toISOString() }
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  if (ids.length === 0 && given.length === 0 && !all) {
    throw new UsageError(
      'Which? Name ids, a filter (--webhook, --type, --reason, --since), or --all.',
    )
  }
  return {
    ...Object.fromEntries(given),
    ...tenant,
    ...(ids.length > 0 && { ids }),
    ...(all && { all }),
    ...(rate !== undefined && { ratePerSecond: rate }),
  }
}

const COLUMNS = {
  ID: ({ id }: DeadLetter) => id,
  REASON: ({ reason }: DeadLetter) => reason,
  LAST: ({ lastOutcome, lastStatusCode }: DeadLetter) => lastStatusCode ?? lastOutcome,
  TYPE: ({ type }: DeadLetter) => type,
  EVENT: ({ event }: DeadLetter) => event,
  WEBHOOK: ({ webhook }: DeadLetter) => webhook,
  DIED: ({ deadAt }: DeadLetter) => deadAt,
}
