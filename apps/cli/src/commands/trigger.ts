import { setTimeout as pause } from 'node:timers/promises'
import { Argument, type Command } from 'commander'
import { action, type Context } from '../input/action.ts'
import { UsageError } from '../input/usage-error.ts'
import { count } from '../output/words.ts'
import { SAMPLES } from '../samples/samples.ts'

export function triggerCommand(program: Command): void {
  program
    .command('trigger')
    .description('Publish a sample event, to see what its subscribers make of it.')
    .addArgument(
      // Shells complete the choices; what is none of them gets a better answer below.
      new Argument('[type]', 'one of --list').choices(Object.keys(SAMPLES)).argParser(String),
    )
    .option('--list', 'the samples')
    .option('--show', 'print its data instead')
    .action(
      action(
        async (context: Context<{ list?: boolean; show?: boolean }>, type: string | undefined) => {
          const { output, options, tenant } = context
          if (options.list || type === undefined) {
            const rows = Object.entries(SAMPLES).map(([name, { about }]) => ({ type: name, about }))
            return output.table(rows, { TYPE: (row) => row.type, WHAT: (row) => row.about })
          }
          const sample = SAMPLES[type]
          if (!sample) throw new UsageError(`No sample is called ${type}. ${hintFor(type)}`)
          if (options.show) {
            return output.show(sample.data, JSON.stringify(sample.data, undefined, 2))
          }
          const { client } = context
          const event = await client.publish({ type, data: sample.data, ...tenant })
          const { deliveries, unmatchedReason } = await fannedOut(client, event)
          output.show(
            event,
            unmatchedReason
              ? `${event.id} accepted; nobody gets it (${unmatchedReason})`
              : `${event.id} accepted for ${count(deliveries.length, 'webhook')}`,
          )
        },
      ),
    )
}

function hintFor(type: string): string {
  const near = Object.keys(SAMPLES).filter((name) =>
    name.toLowerCase().includes(type.toLowerCase().split('.')[0] ?? ''),
  )
  return near.length > 0
    ? `There are: ${near.join(', ')}.`
    : '`posthorn trigger --list` shows them.'
}

const LOOK_EVERY_MS = 50
const LOOKS = 40

/** The event once a worker has fanned it out, or as it is after 2 s. */
async function fannedOut(
  client: Context<object>['client'],
  { id, tenant }: { readonly id: string; readonly tenant: string },
) {
  for (let look = 1; ; look++) {
    const event = await client.events.get(id, { tenant })
    if (event.deliveries.length > 0 || event.unmatchedReason || look === LOOKS) return event
    await pause(LOOK_EVERY_MS)
  }
}
