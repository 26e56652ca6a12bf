import { type Command, Option } from 'commander'
import type { Delivery, DeliveryRequest, DeliveryStatus } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { clock, colour, outcomeWord, statusWord } from '../output/words.ts'
import { firstOf } from './first-of.ts'
import { LIMIT, type ListOptions, SINCE, UNTIL } from './list-options.ts'

interface Filter extends ListOptions {
  readonly webhook?: string
  readonly event?: string
  readonly type?: string
  readonly status?: DeliveryStatus
}

const STATUSES = ['pending', 'retrying', 'parked', 'delivered', 'dead', 'cancelled'] as const

export function deliveriesCommand(program: Command): void {
  const deliveries = program
    .command('deliveries')
    .description('What became of each event at each webhook.')
  deliveries
    .command('list', { isDefault: true })
    .description('Newest first.')
    .option('--webhook <id>', 'to this webhook')
    .option('--event <id>', 'of this event')
    .option('--type <type>', 'of this event type')
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .addOption(SINCE)
    .addOption(UNTIL)
    .addOption(LIMIT)
    .action(
      action(async ({ client, output, options, tenant }: Context<Filter>) => {
        const { limit, ...filter } = options
        const found = await firstOf(client.deliveries.list({ ...filter, ...tenant }), limit)
        if (found.length === 0) output.say('No deliveries. Does a webhook match what is published?')
        else output.table(found, COLUMNS)
      }),
    )
  deliveries
    .command('get')
    .description('One delivery with each of its attempts.')
    .argument('<id>')
    .action(
      action(async ({ client, output }: Context<object>, id: string) => {
        const delivery = await client.deliveries.get(id)
        output.show(delivery, textOf(delivery))
      }),
    )
  deliveries
    .command('request')
    .description('The request as it would be sent now, signed, as a curl command.')
    .argument('<id>')
    .action(
      action(async ({ client, output }: Context<object>, id: string) => {
        const request = await client.deliveries.request(id)
        output.show(request, curlOf(request))
      }),
    )
  addRetry(deliveries)
  deliveries
    .command('cancel')
    .description('Send it no more.')
    .argument('<ids...>')
    .action(
      action(async ({ client, output }: Context<object>, ids: string[]) => {
        for (const id of ids) output.show(await client.deliveries.cancel(id), `${id} cancelled`)
      }),
    )
}

/** By itself, since it is what one wants most. */
export function retryCommand(program: Command): void {
  addRetry(program)
}

function addRetry(parent: Command): void {
  parent
    .command('retry')
    .description('Send deliveries again now, whatever their status.')
    .argument('<ids...>')
    .action(
      action(async ({ client, output }: Context<object>, ids: string[]) => {
        for (const id of ids) output.show(await client.deliveries.retry(id), `${id} is sent again`)
      }),
    )
}

const COLUMNS = {
  ID: ({ id }: Delivery) => id,
  STATUS: ({ status }: Delivery) => statusWord(status),
  TYPE: ({ type }: Delivery) => type,
  EVENT: ({ event }: Delivery) => event,
  WEBHOOK: ({ webhook }: Delivery) => webhook,
  ATTEMPTS: ({ attempts }: Delivery) => attempts.length,
  LAST: ({ attempts }: Delivery) => {
    const last = attempts.at(-1)
    return last && outcomeWord(last.outcome, last.statusCode)
  },
  NEXT: ({ nextAttemptAt }: Delivery) => nextAttemptAt,
}

function textOf(delivery: Delivery): string {
  const { id, type, event, webhook, status, nextAttemptAt, reason, attempts } = delivery
  const next = nextAttemptAt ? `, next attempt ${nextAttemptAt}` : ''
  const why = reason ? ` (${reason})` : ''
  return [
    `${id}  ${statusWord(status)}${why}${next}`,
    `${type}  ${event} → ${webhook}`,
    ...attempts.flatMap(
      ({ number, startedAt, durationMs, outcome, statusCode, error, responseBody }) => [
        `  ${number}. ${clock(startedAt)}  ${outcomeWord(outcome, statusCode)}  ${Math.round(durationMs)} ms` +
          (error ? `  ${error}` : ''),
        ...(responseBody ? [colour('dim', `     ${responseBody.slice(0, 200)}`)] : []),
      ],
    ),
  ].join('\n')
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const curlOf = ({ url, headers, body }: DeliveryRequest): string =>
  [
    `curl -X POST ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-binary ${quoted(body)}`,
  ].join(' \\\n  ')
