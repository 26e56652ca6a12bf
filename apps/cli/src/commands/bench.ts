import type { Command } from 'commander'
import { loadInstance } from '../bench/load.ts'
import { openReceiver } from '../bench/receiver.ts'
import { type Spread, spreadOf } from '../bench/spread.ts'
import { action, type Context } from '../input/action.ts'
import { UsageError } from '../input/usage-error.ts'
import { httpUrl, whole } from '../input/values.ts'
import { count } from '../output/words.ts'

interface Options {
  readonly events: number
  readonly connections: number
  readonly bytes: number
  readonly receiver?: string
  readonly port?: number
}

const TYPE = 'posthorn.bench'

export function benchCommand(program: Command): void {
  program
    .command('bench')
    .description('Load a running Posthorn, and measure what publishers and subscribers see.')
    .option('--events <n>', 'how many', whole, 2_000)
    .option('--connections <n>', 'publishes at a time', whole, 16)
    .option('--bytes <n>', "of each event's data", whole, 500)
    .option('--port <n>', 'where to receive here (default: a free one)', whole)
    .option(
      '--receiver <url>',
      'how the workers reach this machine (default http://127.0.0.1:<port>)',
      httpUrl,
    )
    .action(action(bench))
}

async function bench({ client, output, options, tenant, url }: Context<Options>): Promise<void> {
  const receiver = await openReceiver(options.port ?? 0)
  const at = options.receiver ?? `http://127.0.0.1:${receiver.port}`
  const input = { url: at, eventTypes: [TYPE], name: 'posthorn bench', ...tenant }
  const webhook = await client.webhooks.create(input).catch((error: unknown) => {
    receiver.close()
    throw error
  })
  try {
    const reached = await client.webhooks.test(webhook.id, { type: TYPE })
    if (reached.outcome !== 'success') {
      throw new UsageError(
        `The workers do not reach ${at}: ${reached.outcome} ${reached.error ?? reached.statusCode ?? ''}\n` +
          'Name an address of this machine that they reach with --receiver (private ones only if POSTHORN_ALLOW_CIDRS has them).',
      )
    }
    output.say(`${count(options.events, 'event')} to ${url} and back to ${at}`)
    receiver.reset()
    const progress = output.progress('delivered', options.events)
    const result = await loadInstance({
      ...{ client, receiver, type: TYPE },
      ...{ events: options.events, connections: options.connections, bytes: options.bytes },
      tenant,
      onProgress: (done) => progress.update(done),
    })
    progress.end()
    const { published, delivered, publishedPerSecond, deliveredPerSecond } = result
    const figures = {
      ...{ published, delivered, publishedPerSecond, deliveredPerSecond },
      ackMs: spreadOf(result.ackMs),
      arrivalMs: spreadOf(result.arrivalMs),
    }
    output.show(
      figures,
      [
        `published  ${published} at ${Math.round(publishedPerSecond)}/s, answered in ${text(figures.ackMs)}`,
        `delivered  ${delivered} at ${Math.round(deliveredPerSecond)}/s, from publish to arrival ${text(figures.arrivalMs)}`,
      ].join('\n'),
    )
    if (delivered < options.events) process.exitCode = 1
  } finally {
    await client.webhooks.delete(webhook.id)
    receiver.close()
  }
}

const text = ({ p50, p95, p99 }: Spread): string =>
  `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, p99 ${p99.toFixed(1)} ms`
