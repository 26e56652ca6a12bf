import type { Command } from 'commander'
import { action, type Context } from '../input/action.ts'
import { listOf, placeHere } from '../input/values.ts'
import { forward } from '../listen/forward.ts'
import { arrivals } from '../listen/lane.ts'
import { openListener, removeAbandoned } from '../listen/webhook.ts'
import { clock, colour, outcomeWord } from '../output/words.ts'

interface Options {
  readonly forwardTo?: string
  readonly events: string[]
  readonly printBody?: boolean
}

export function listenCommand(program: Command): void {
  program
    .command('listen')
    .description('Receive events here, without a public address, until Ctrl-C.')
    .option(
      '--forward-to <url>',
      'post each one there, signed, and show the answer; 8080 is http://localhost:8080',
      placeHere,
    )
    .option('--events <types>', 'exact names, user.*, or *; comma-separated', listOf, ['*'])
    .option('--print-body', 'show what was sent and what came back')
    .action(action(listen))
}

async function listen({ client, output, options, tenant, url }: Context<Options>): Promise<void> {
  for (const id of await removeAbandoned(client, tenant)) {
    output.say(colour('dim', `removed ${id}, which an earlier listen had left behind`))
  }
  const webhook = await openListener(client, options.events, tenant)
  const ended = new AbortController()
  const end = () => ended.abort()
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
  try {
    output.show(
      { webhook: webhook.id, secret: webhook.secret, url },
      [
        `Listening for ${options.events.join(', ')} as ${webhook.id}; Ctrl-C ends.`,
        ...(options.forwardTo ? [`Forwarding to ${options.forwardTo}`] : []),
        `Signing secret  ${webhook.secret}`,
      ].join('\n'),
    )
    const onTrouble = (error: Error) =>
      output.say(colour('yellow', `${error.message}; trying again`))
    for await (const delivery of arrivals(client, webhook.id, ended.signal, onTrouble)) {
      const request = await client.deliveries.request(delivery.id)
      const head = `${colour('dim', clock(Date.now()))}  ${delivery.type}  ${delivery.event}`
      if (options.forwardTo === undefined) {
        output.show({ ...delivery, body: request.body }, `${head}\n${request.body}`)
      } else {
        const answer = await forward(options.forwardTo, request)
        const { outcome, statusCode, durationMs, error, body } = answer
        const said = error ?? (body ? colour('dim', body.slice(0, 200)) : '')
        const line = `${head}  ${outcomeWord(outcome, statusCode)}  ${Math.round(durationMs)} ms  ${said}`
        const bodies = options.printBody ? `\n> ${request.body}\n< ${body ?? ''}` : ''
        output.show({ delivery: delivery.id, event: delivery.event, ...answer }, line + bodies)
      }
      // What it was for is done. `posthorn events replay` brings it here once more.
      await client.deliveries.cancel(delivery.id)
    }
  } finally {
    await client.webhooks.delete(webhook.id)
    output.say(colour('dim', `${webhook.id} removed`))
  }
}
