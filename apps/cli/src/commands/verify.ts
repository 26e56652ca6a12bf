import type { Command } from 'commander'
import { checkSecrets, SignatureError, verify } from 'posthorn'
import { argumentText } from '../input/text.ts'
import { UsageError } from '../input/usage-error.ts'
import { header, positive } from '../input/values.ts'
import { outputOf } from '../output/output.ts'
import { colour } from '../output/words.ts'

interface Options {
  readonly secret: string[]
  readonly header: Record<string, string>
  readonly tolerance?: number
  readonly json?: boolean
}

/** What to do about each fault of a signature. */
const ADVICE: Record<SignatureError['fault'], string> = {
  missing: 'Give webhook-id, webhook-timestamp and webhook-signature, each once.',
  malformed: 'webhook-timestamp is in seconds since 1970.',
  too_old: 'It was signed long ago, or the clocks differ; --tolerance allows more.',
  too_new: 'It was signed in the future, so the clocks differ.',
  mismatch: 'Take the body as it came, byte for byte, and the secret of this very webhook.',
}

export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .description('Check the signature of a request that was received. Asks no server.')
    .argument('<body>', 'the raw body: text, @file, or - for what comes in')
    .requiredOption('--secret <secrets...>', 'whsec_… or whpk_…')
    .requiredOption('-H, --header <header>', "'webhook-id: …' and so on, each", header)
    .option('--tolerance <seconds>', 'how old it may be', positive)
    .action(async (body: string, _: unknown, command: Command) => {
      const { secret, header: headers, tolerance, json } = command.optsWithGlobals<Options>()
      const output = outputOf(json === true)
      requireSecrets(secret)
      const options = tolerance === undefined ? {} : { toleranceSeconds: tolerance }
      try {
        const { id, sentAt } = await verify(headers, await argumentText(body), secret, options)
        const shape = { valid: true, id, sentAt: sentAt.toISOString() }
        output.show(shape, `${colour('green', 'valid')}  ${id}, signed ${shape.sentAt}`)
      } catch (error) {
        if (!(error instanceof SignatureError)) throw error
        const { fault } = error
        output.show({ valid: false, fault }, `${colour('red', fault)}  ${ADVICE[fault]}`)
        process.exitCode = 1
      }
    })
}

function requireSecrets(secrets: readonly string[]): void {
  try {
    checkSecrets(secrets)
  } catch (error) {
    throw new UsageError(`--secret: ${(error as Error).message}.`)
  }
}
