import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import type { BatchResult, NewEvent, Posthorn } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { argumentText, jsonOf } from '../input/text.ts'
import { UsageError } from '../input/usage-error.ts'
import { pair } from '../input/values.ts'
import { linesOf } from '../output/failure.ts'
import { count } from '../output/words.ts'

interface Options {
  readonly id?: string
  readonly label?: Record<string, string>
  readonly timestamp?: string
  readonly file?: string
}

export function publishCommand(program: Command): void {
  program
    .command('publish')
    .description('Publish an event, or a file of them.')
    .argument('[type]', 'like user.created')
    .argument('[data]', 'JSON, @file, or - for what comes in', '{}')
    .option('--id <id>', 'published twice, it is taken once')
    .option('--label <name=value>', 'shown and searchable; as often as you like', pair)
    .option('--timestamp <time>', 'when it happened (RFC 3339)')
    .option('--file <file>', 'a line of JSON {type, data, …} for each event; - for what comes in')
    .action(
      action(async (context: Context<Options>, type: string | undefined, data: string) => {
        const { file } = context.options
        if (file !== undefined) return publishFile(context, file)
        if (type === undefined) throw new UsageError('What? `posthorn publish <type> [data]`.')
        await publishOne(context, type, data)
      }),
    )
}

async function publishOne(
  { client, output, options, tenant }: Context<Options>,
  type: string,
  argument: string,
): Promise<void> {
  const { id, label: labels, timestamp } = options
  const data = jsonOf(await argumentText(argument), 'data')
  const event = await client.publish({ type, data, id, labels, timestamp, ...tenant })
  const again = event.duplicate ? ', which had been published before' : ''
  output.show(event, `${event.id} accepted${again}`)
}

async function publishFile(context: Context<Options>, file: string): Promise<void> {
  const { client, output, tenant } = context
  const progress = output.progress('publishing', 0)
  const tally = { taken: 0, duplicates: 0, refused: 0 }
  const events = eventsOf(file, tenant)
  for await (const result of results(client, events)) {
    if (!result.ok) tally.refused++
    else if (result.duplicate) tally.duplicates++
    else tally.taken++
    if (output.isJson) output.show(shapeOf(result), '')
    else if (!result.ok) output.say(`${result.id}: ${linesOf(result.error).join(' ')}`)
    const done = tally.taken + tally.duplicates + tally.refused
    progress.update(done, done)
  }
  progress.end()
  output.say(
    `${count(tally.taken, 'event')} accepted, ${tally.duplicates} published before, ${tally.refused} refused`,
  )
  if (tally.refused > 0) process.exitCode = 1
}

const results = (client: Posthorn, events: AsyncIterable<NewEvent>) => client.publishStream(events)

const shapeOf = (result: BatchResult): object =>
  result.ok ? result : { ok: false, id: result.id, error: result.error.message }

async function* eventsOf(
  file: string,
  tenant: { readonly tenant?: string },
): AsyncGenerator<NewEvent> {
  const input = file === '-' ? process.stdin : (await opened(file)).createReadStream()
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++
    if (text.trim() === '') continue
    yield { ...tenant, ...(jsonOf(text, `line ${line}`) as NewEvent) }
  }
}

const opened = (file: string) =>
  open(file).catch((error: Error) => {
    throw new UsageError(`${file} cannot be read: ${error.message}`)
  })
