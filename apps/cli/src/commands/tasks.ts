import type { Command } from 'commander'
import type { Task } from 'posthorn'
import { action, type Context } from '../input/action.ts'
import { taskWords } from '../output/words.ts'
import { firstOf } from './first-of.ts'
import { follow } from './follow.ts'
import { LIMIT } from './list-options.ts'

export function tasksCommand(program: Command): void {
  const tasks = program.command('tasks').description('Redrives, purges and replays that go on.')
  tasks
    .command('list', { isDefault: true })
    .description('Newest first.')
    .addOption(LIMIT)
    .action(
      action(async ({ client, output, options, tenant }: Context<{ limit: number }>) => {
        const found = await firstOf(client.tasks.list(tenant), options.limit)
        if (found.length === 0) output.say('No tasks: nothing is redriven, purged or replayed.')
        else output.table(found, COLUMNS)
      }),
    )
  tasks
    .command('follow')
    .description('How far it is, until it has ended.')
    .argument('<id>')
    .action(
      action(async (context: Context<object>, id: string) =>
        follow(context, await context.client.tasks.get(id)),
      ),
    )
  tasks
    .command('cancel')
    .description('What was done stays done.')
    .argument('<id>')
    .action(
      action(async ({ client, output }: Context<object>, id: string) => {
        const task = await client.tasks.cancel(id)
        output.show(task, taskWords(task))
      }),
    )
}

const COLUMNS = {
  ID: ({ id }: Task) => id,
  KIND: ({ kind }: Task) => kind,
  STATE: ({ state }: Task) => state,
  DONE: ({ done, total }: Task) => `${done}/${total}`,
  FAILED: ({ failed }: Task) => failed,
}
