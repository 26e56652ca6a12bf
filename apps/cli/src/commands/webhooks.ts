import { type Command, Option } from 'commander'
import type { StatsWindow, Webhook } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { moment, positive } from '../input/values.ts'
import { stateOf, textOf } from '../output/webhook-words.ts'
import { count, outcomeWord } from '../output/words.ts'
import { firstOf } from './first-of.ts'
import { follow } from './follow.ts'
import { LIMIT, UNTIL } from './list-options.ts'
import { addSecret } from './webhook-secret.ts'
import { addSettings } from './webhook-settings.ts'

export function webhooksCommand(program: Command): void {
  const webhooks = program.command('webhooks').description('Which events go where.')
  webhooks
    .command('list', { isDefault: true })
    .description('Newest first.')
    .addOption(LIMIT)
    .action(
      action(async ({ client, output, options, tenant }: Context<{ limit: number }>) => {
        const found = await firstOf(client.webhooks.list(tenant), options.limit)
        if (found.length === 0)
          output.say('No webhooks. `posthorn webhooks create --to <url>` makes one.')
        else output.table(found, COLUMNS)
      }),
    )
  addSettings(webhooks)
  addSecret(webhooks)
  addSwitches(webhooks)
  addLooks(webhooks)
  webhooks
    .command('replay')
    .description('Send again what it got, failed to get, or missed.')
    .argument('<id>')
    .requiredOption('--since <time>', 'not before: a time, or 15m, 2h, 7d ago', moment)
    .addOption(UNTIL)
    .addOption(
      new Option('--only <which>', 'which').choices(['failed', 'missing', 'all']).default('failed'),
    )
    .option('--rate <n>', 'at most so many each second', positive)
    .option('--dry-run', 'only count them')
    .action(action(replay))
}

function addSwitches(webhooks: Command): void {
  for (const [name, about] of [
    ['enable', 'Make deliveries for it again.'],
    ['pause', 'Its deliveries wait; nothing is lost.'],
    ['resume', 'What waited is delivered.'],
  ] as const) {
    webhooks
      .command(name)
      .description(about)
      .argument('<id>')
      .action(
        action(async ({ client, output }: Context<object>, id: string) => {
          const webhook = await client.webhooks[name](id)
          output.show(webhook, textOf(webhook))
        }),
      )
  }
  webhooks
    .command('disable')
    .description('No deliveries any more; open ones become dead letters.')
    .argument('<id>')
    .option('--reason <text>', 'why')
    .action(
      action(async ({ client, output, options }: Context<{ reason?: string }>, id: string) => {
        const webhook = await client.webhooks.disable(id, options.reason)
        output.show(webhook, textOf(webhook))
      }),
    )
  webhooks
    .command('delete')
    .description('Its open deliveries are cancelled.')
    .argument('<id>')
    .action(
      action(async ({ client, output }: Context<object>, id: string) => {
        await client.webhooks.delete(id)
        output.show({ id, deleted: true }, `${id} deleted`)
      }),
    )
}

function addLooks(webhooks: Command): void {
  webhooks
    .command('get')
    .description('One webhook with its settings.')
    .argument('<id>')
    .action(
      action(async ({ client, output }: Context<object>, id: string) => {
        const webhook = await client.webhooks.get(id)
        output.show(webhook, `${textOf(webhook)}\n${JSON.stringify(webhook, undefined, 2)}`)
      }),
    )
  webhooks
    .command('test')
    .description('Send one request now and show what came back.')
    .argument('<id>')
    .action(
      action(async ({ client, output }: Context<object>, id: string) => {
        const result = await client.webhooks.test(id)
        const { outcome, statusCode, durationMs, error, body } = result
        const word = outcomeWord(outcome, statusCode)
        const lines = [`${word}  ${Math.round(durationMs)} ms`, error, body]
        output.show(result, lines.filter(Boolean).join('\n'))
        if (outcome !== 'success') process.exitCode = 1
      }),
    )
  webhooks
    .command('stats')
    .description('How it went.')
    .argument('<id>')
    .addOption(
      new Option('--window <window>', 'of how long')
        .choices(['1h', '24h', '7d', '30d'])
        .default('24h'),
    )
    .action(
      action(async ({ client, output, options }: Context<{ window: StatsWindow }>, id: string) => {
        const stats = await client.webhooks.stats(id, options.window)
        const { attempts, delivered, dead, successRate, latencyMs } = stats
        const rate = successRate === null ? '–' : `${(successRate * 100).toFixed(1)} %`
        const { p50, p95, p99 } = latencyMs
        output.show(
          stats,
          `${count(attempts, 'attempt')}, ${delivered} delivered, ${dead} dead, ${rate} succeeded\n` +
            `p50 ${p50 ?? '–'} ms, p95 ${p95 ?? '–'} ms, p99 ${p99 ?? '–'} ms`,
        )
      }),
    )
}

interface ReplayOptions {
  readonly since: Date
  readonly until?: Date
  readonly only: 'failed' | 'missing' | 'all'
  readonly rate?: number
  readonly dryRun?: boolean
}

async function replay(context: Context<ReplayOptions>, id: string): Promise<void> {
  const { client, output, options } = context
  const { since, until, only, rate, dryRun } = options
  const what = {
    since: since.toISOString(),
    only,
    ...(until && { until: until.toISOString() }),
    ...(rate !== undefined && { ratePerSecond: rate }),
  }
  if (!dryRun) return follow(context, await client.webhooks.replay(id, what))
  const deliveries = await client.webhooks.countReplay(id, what)
  output.show({ count: deliveries }, `${count(deliveries, 'event')} would be sent again`)
}

const COLUMNS = {
  ID: ({ id }: Webhook) => id,
  STATE: stateOf,
  URL: ({ url }: Webhook) => url,
  EVENTS: ({ eventTypes }: Webhook) => eventTypes.join(','),
  TENANT: ({ tenant }: Webhook) => tenant,
  NAME: ({ name }: Webhook) => name,
}
