import type { Task } from 'posthorn'
import type { Context } from '../input/action.ts'
import { taskWords } from '../output/words.ts'

/** Shows how far a task is until it has ended. Ctrl-C ends the showing, not the task. */
export async function follow({ client, output }: Context<object>, task: Task): Promise<void> {
  const progress = output.progress(task.kind, task.total)
  const leave = () => {
    progress.end()
    output.say(`It goes on: posthorn tasks follow ${task.id}, posthorn tasks cancel ${task.id}`)
    process.exit(0)
  }
  process.once('SIGINT', leave)
  let last = task
  for await (last of client.tasks.follow(task.id)) {
    progress.update(last.done, last.total)
    if (output.isJson) output.show(last, '')
  }
  process.off('SIGINT', leave)
  progress.end()
  output.say(taskWords(last))
  if (last.state === 'failed' || last.failed > 0) process.exitCode = 1
}
