import { setTimeout as pause } from 'node:timers/promises'
import type { Service } from '../../harness/service.ts'
import { machineMs } from '../clock.ts'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'
import { type Field, IN_SOCKETS_MS } from '../field/field.ts'

/** What was in the air is tried again within this, while another worker lives. */
const TRIED_AGAIN_WITHIN_MS = 10_000

/** kill -9 at a random moment, and started again at once, as a supervisor would. */
export const killWorker = disturbing({
  name: 'worker-kill',
  what: 'kill -9 of a worker, restarted at once',
  full: { events: 250_000, strikes: 200 },
  slice: { events: 6_000, strikes: 3 },
  field: { workers: 2 },
  duplicatesPerStrike: IN_THE_AIR_OF_A_WORKER,
  recoveryBoundMs: TRIED_AGAIN_WITHIN_MS,
  async strike(field) {
    const worker = field.random.pick(field.posthorn.workers)
    await killed(field, worker)
    worker.spawn()
    await worker.ready()
  },
  afterwards: noteTriedAgain,
})

/** Both at once: nobody is left until they are back, so only loss is judged, not time. */
export const killAllWorkers = disturbing({
  name: 'workers-kill',
  what: 'kill -9 of all workers at once, back after up to 3 s',
  full: { events: 20_000, strikes: 8 },
  duplicatesPerStrike: 2 * IN_THE_AIR_OF_A_WORKER,
  async strike(field) {
    const end = field.disturb()
    for (const worker of field.posthorn.workers) worker.signal('SIGKILL')
    await Promise.all(field.posthorn.workers.map((worker) => worker.ended(10_000)))
    end()
    field.kills.worker += field.posthorn.workers.length
    await pause(field.random.between(0, 3_000))
    for (const worker of field.posthorn.workers) worker.spawn()
    await Promise.all(field.posthorn.workers.map((worker) => worker.ready()))
  },
})

async function killed(field: Field, worker: Service): Promise<void> {
  await pause(field.random.between(0, 400))
  const end = field.disturb()
  await worker.kill('SIGKILL')
  end()
  field.kills.worker++
}

/** From each kill to the last attempt that was made again for it. */
async function noteTriedAgain(field: Field): Promise<void> {
  const settledMs = machineMs() + 15_000
  // The load has ended: what a kill left in the air comes again within 10 s, and then is counted.
  const repeats = async () => (await field.subscribers()).flatMap(({ ledger }) => ledger.repeats)
  let count = -1
  while (machineMs() < settledMs && count !== (await repeats()).length) {
    count = (await repeats()).length
    await pause(6_500)
  }
  for (const { atMs, previousMs } of await repeats()) {
    // One that was hit by a second kill before it came again is judged for loss, not for time.
    const [kill, second] = field.disturbances.filter(
      ({ fromMs, untilMs }) => fromMs <= atMs && untilMs >= previousMs,
    )
    if (kill && (!second || second.untilMs > atMs)) {
      field.recoveriesMs.push(Math.max(0, atMs - (kill.untilMs - IN_SOCKETS_MS)))
    }
  }
}
