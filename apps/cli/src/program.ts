import tab from '@bomb.sh/tab/commander'
import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { benchCommand } from './commands/bench.ts'
import { deadLettersCommand } from './commands/dead-letters.ts'
import { deliveriesCommand, retryCommand } from './commands/deliveries.ts'
import { eventsCommand } from './commands/events.ts'
import { listenCommand } from './commands/listen.ts'
import { portalLinkCommand } from './commands/portal-link.ts'
import { publishCommand } from './commands/publish.ts'
import { tailCommand } from './commands/tail.ts'
import { tasksCommand } from './commands/tasks.ts'
import { triggerCommand } from './commands/trigger.ts'
import { verifyCommand } from './commands/verify.ts'
import { webhooksCommand } from './commands/webhooks.ts'
import { seconds } from './input/values.ts'

/** 2 says that the command was called wrongly, 1 that what it asked for failed. */
const USAGE_ERROR = 2

/** The whole command line, in the order of its help. */
export function buildProgram(): Command {
  const program = new Command('posthorn')
    .description('Publishes events to Posthorn, and shows and steers their deliveries.')
    .option('--url <url>', 'where the API is (POSTHORN_URL; default http://localhost:3000)')
    .option(
      '--key <key>',
      'an API key (POSTHORN_KEY; default the one of `npm start` in this folder)',
    )
    .option('--tenant <tenant>', "whose events and webhooks (default the key's, else `default`)")
    .option('--wait <time>', 'how long to try while nobody answers (default 10s)', seconds)
    .option('--json', 'a line of JSON for each thing that is shown')
    .version(manifest.version, '-V, --version', 'which one this is')
    .showHelpAfterError('(--help says how it is called)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_ERROR))
  const commands = [
    publishCommand,
    triggerCommand,
    listenCommand,
    tailCommand,
    eventsCommand,
    deliveriesCommand,
    retryCommand,
    deadLettersCommand,
    webhooksCommand,
    tasksCommand,
    portalLinkCommand,
    verifyCommand,
    benchCommand,
  ]
  for (const add of commands) add(program)
  tab(program, { completionCommandName: 'completion' })
  return program
}
