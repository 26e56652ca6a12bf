import { setTimeout as pause } from 'node:timers/promises'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'
import { preloaded } from '../preload/preloaded.ts'

/** Longer than locks (5 s) and leases (6 s) last: others have its work when it wakes. */
const STOPPED_MS = [8_000, 20_000, 60_000]
const BLOCKED_MS = 40_000

export const stopWorker = disturbing({
  name: 'worker-sigstop',
  what: 'SIGSTOP of a worker for 8 to 60 s, then CONT (a zombie)',
  full: { events: 20_000, strikes: 3 },
  duplicatesPerStrike: IN_THE_AIR_OF_A_WORKER,
  async strike(field, nth) {
    const worker = field.random.pick(field.posthorn.workers)
    const end = field.disturb()
    worker.signal('SIGSTOP')
    await pause(STOPPED_MS[nth % STOPPED_MS.length] ?? 0)
    worker.signal('SIGCONT')
    end()
  },
})

/** Unlike a stopped process, its kernel goes on: connections live, answers pile up unread. */
export const blockWorker = disturbing({
  name: 'worker-blocked',
  what: "a worker's event loop blocked for 40 s",
  full: { events: 10_000, strikes: 1 },
  field: { workerEnv: () => ({ ...preloaded('block'), BLOCK_MS: String(BLOCKED_MS) }) },
  duplicatesPerStrike: IN_THE_AIR_OF_A_WORKER,
  async strike(field) {
    const worker = field.random.pick(field.posthorn.workers)
    const end = field.disturb()
    worker.signal('SIGUSR2')
    await pause(BLOCKED_MS + 500)
    await worker.ready()
    end()
  },
})
