import { waitFor } from '../../harness/wait.ts'
import { type Fault, outcomeOf } from '../fault.ts'
import { Field } from '../field/field.ts'
import { publishOne } from '../load/one.ts'
import { Random } from '../random.ts'

const AGAIN_WITHIN_MS = 90_000

/** A crash is not an attempt: what kills its worker each time is still tried again, and never dead of it. */
export const tenKills: Fault = {
  name: 'ten-kills',
  what: 'ten kills of the worker in the middle of the same delivery',
  full: { events: 1, strikes: 10 },
  async run({ strikes }, seed) {
    const subscriptions = [
      { name: 'every', eventTypes: ['*'], expects: () => true, behaviour: { hangs: strikes } },
    ]
    const field = await Field.open(new Random(seed), { apis: 1, workers: 1, subscriptions })
    const [worker] = field.posthorn.workers
    const end = field.disturb()
    await field.attempt(async () => {
      await publishOne(field)
      for (let crash = 1; crash <= strikes; crash++) {
        await waitFor(() => field.receiver.total('/every') >= crash, {
          what: `attempt ${crash} to be made`,
          timeoutMs: AGAIN_WITHIN_MS,
          context: () => field.posthorn.tails(),
        })
        await worker?.kill('SIGKILL')
        field.kills.worker++
        worker?.spawn()
        await worker?.ready()
      }
      await waitFor(() => field.receiver.total('/every') > strikes, {
        what: 'the attempt after the last kill',
        timeoutMs: AGAIN_WITHIN_MS,
      })
    })
    end()
    return await outcomeOf(field, { runs: 1, duplicateBound: strikes })
  },
}
