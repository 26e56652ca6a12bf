import type { Command } from 'commander'
import type { EventView } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { count, statusWord } from '../output/words.ts'
import { firstOf } from './first-of.ts'
import { LIMIT, type ListOptions, SINCE, UNTIL } from './list-options.ts'

interface Filter extends ListOptions {
  readonly type?: string
}

export function eventsCommand(program: Command): void {
  const events = program.command('events').description('What was published.')
  events
    .command('list', { isDefault: true })
    .description('Newest first.')
    .option('--type <type>', 'of this type')
    .addOption(SINCE)
    .addOption(UNTIL)
    .addOption(LIMIT)
    .action(
      action(async ({ client, output, options, tenant }: Context<Filter>) => {
        const { limit, ...filter } = options
        const found = await firstOf(client.events.list({ ...filter, ...tenant }), limit)
        if (found.length === 0) output.say('No events. `posthorn trigger user.created` makes one.')
        else output.table(found, COLUMNS)
      }),
    )
  events
    .command('get')
    .description('One event, its data, and who gets it.')
    .argument('<id>')
    .action(
      action(async ({ client, output, tenant }: Context<object>, id: string) => {
        const event = await client.events.get(id, tenant)
        output.show(event, textOf(event))
      }),
    )
  events
    .command('replay')
    .description('Send it again: to all webhooks that match it now, or to those named.')
    .argument('<id>')
    .argument('[webhooks...]')
    .action(
      action(
        async ({ client, output, tenant }: Context<object>, id: string, webhooks: string[]) => {
          const what = webhooks.length === 0 ? {} : { webhooks }
          const made = await client.events.replay(id, what, tenant)
          output.show(
            made,
            `${count(made.deliveries.length, 'delivery').replace('ys', 'ies')} again`,
          )
        },
      ),
    )
}

const COLUMNS = {
  ID: ({ id }: EventView) => id,
  TYPE: ({ type }: EventView) => type,
  TENANT: ({ tenant }: EventView) => tenant,
  ACCEPTED: ({ createdAt }: EventView) => createdAt,
  DELIVERIES: ({ deliveries, unmatchedReason }: EventView) => unmatchedReason ?? deliveries.length,
}

function textOf({ deliveries, unmatchedReason, data, ...event }: EventView): string {
  return [
    `${event.type}  ${event.id}  (tenant ${event.tenant}, accepted ${event.createdAt})`,
    ...Object.entries(event.labels).map(([name, value]) => `  ${name}=${value}`),
    JSON.stringify(data, undefined, 2),
    ...deliveries.map(({ id, webhook, status }) => `→ ${webhook}  ${statusWord(status)}  ${id}`),
    ...(unmatchedReason ? [`Nobody gets it: ${unmatchedReason}`] : []),
  ].join('\n')
}
