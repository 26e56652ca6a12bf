import type { Command } from 'commander'
import type { RotateSecret } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { signatureOf } from '../input/signature.ts'
import { secretText } from '../input/text.ts'
import { UsageError } from '../input/usage-error.ts'
import { seconds } from '../input/values.ts'

interface Options {
  readonly rotate?: boolean
  readonly overlap?: number
  readonly secret?: string
  readonly signature?: string
}

export function addSecret(webhooks: Command): void {
  webhooks
    .command('secret')
    .description('What it signs with.')
    .argument('<id>')
    .option('--rotate', 'make a new one; the old one goes on for a day')
    .option('--overlap <time>', 'how long the old one goes on: 0, 90s, 15m, 2h, 7d', seconds)
    .option(
      '--secret <secret>',
      'rotate to this one (text, @file or -); the newest again ends the others',
    )
    .option('--signature <how>', 'change it too: the old secrets sign no more')
    .action(
      action(async (context: Context<Options>, id: string) => {
        const { client, output, options } = context
        if (!options.rotate) requireNoRotation(options)
        const secrets = options.rotate
          ? await client.webhooks.rotateSecret(id, await rotationOf(options))
          : await client.webhooks.secrets(id)
        const previous = secrets.previous.map(
          ({ secret, expiresAt }) => `${secret}  until ${expiresAt}`,
        )
        const { secret, publicKey } = secrets
        const keys = [secret, ...(publicKey ? [`public  ${publicKey}`] : []), ...previous]
        output.show(secrets, keys.join('\n'))
      }),
    )
}

async function rotationOf({ overlap, secret, signature }: Options): Promise<RotateSecret> {
  return {
    ...(overlap !== undefined && { overlapSeconds: overlap }),
    ...(secret !== undefined && { secret: await secretText(secret) }),
    ...(signature !== undefined && { signature: await signatureOf(signature) }),
  }
}

function requireNoRotation({ overlap, secret, signature }: Options): void {
  if ([overlap, secret, signature].some((given) => given !== undefined)) {
    throw new UsageError('--overlap, --secret and --signature go with --rotate.')
  }
}
