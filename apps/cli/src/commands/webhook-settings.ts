import { type Command, Option } from 'commander'
import type { WebhookInput, WebhookPatch } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { signatureOf } from '../input/signature.ts'
import { argumentText, jsonOf, secretText } from '../input/text.ts'
import { UsageError } from '../input/usage-error.ts'
import { listOf } from '../input/values.ts'
import { textOf } from '../output/webhook-words.ts'

interface SettingOptions {
  readonly events?: string[]
  readonly to?: string
  readonly name?: string
  readonly format?: (typeof FORMATS)[number]
  readonly signature?: string
  readonly filter?: string
  readonly secret?: string
  readonly settings?: string
}

const FORMATS = ['standard', 'raw', 'cloudevents', 'cloudevents-binary', 'logto'] as const

/** What has no option of its own goes into --settings, in the words of the API. */
export function addSettings(webhooks: Command): void {
  const settings = (command: Command): Command =>
    command
      .option('--to <url>', 'where events go')
      .option('--events <types>', 'exact names, user.*, or *; comma-separated', listOf)
      .option('--name <name>', 'for people')
      .addOption(new Option('--format <format>', 'what is sent').choices(FORMATS))
      .option('--signature <how>', 'v1, v1a, logto, or a header of its own as JSON')
      .option(
        '--filter <json>',
        'only events whose data fits, as JSON, @file or -; null removes it',
      )
      .option('--settings <json>', 'any field of the API, as JSON, @file or -')
  settings(webhooks.command('create').description('Its secret is shown once.'))
    .option(
      '--secret <secret>',
      'one that the subscriber has already: text, @file or - (default: a new one)',
    )
    .action(
      action(async ({ client, output, options, tenant }: Context<SettingOptions>) => {
        const input = { eventTypes: ['*'], ...(await fieldsOf(options)), ...tenant }
        if (!('url' in input)) throw new UsageError('Where to? `--to <url>` names where events go.')
        const webhook = await client.webhooks.create(input as WebhookInput)
        const { secret, publicKey } = webhook
        const keys = [`secret  ${secret}`, ...(publicKey ? [`public  ${publicKey}`] : [])]
        output.show(webhook, [textOf(webhook), ...keys].join('\n'))
      }),
    )
  settings(
    webhooks.command('update').argument('<id>').description('What is not named stays.'),
  ).action(
    action(async ({ client, output, options }: Context<SettingOptions>, id: string) => {
      const webhook = await client.webhooks.update(id, (await fieldsOf(options)) as WebhookPatch)
      output.show(webhook, textOf(webhook))
    }),
  )
}

async function fieldsOf(options: SettingOptions): Promise<object> {
  const { to, events, name, format, signature, filter, secret, settings } = options
  const given = settings === undefined ? {} : jsonOf(await argumentText(settings), '--settings')
  return {
    ...(given as object),
    ...(to !== undefined && { url: to }),
    ...(events !== undefined && { eventTypes: events }),
    ...(name !== undefined && { name }),
    ...(format !== undefined && { format }),
    ...(signature !== undefined && { signature: await signatureOf(signature) }),
    ...(filter !== undefined && { filter: jsonOf(await argumentText(filter), '--filter') }),
    ...(secret !== undefined && { secret: await secretText(secret) }),
  }
}
