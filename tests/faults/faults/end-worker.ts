import { setTimeout as pause } from 'node:timers/promises'
import { disturbing } from '../fault.ts'

const ATTEMPT_DEADLINE_MS = 15_000
const GONE_WITHIN_MS = ATTEMPT_DEADLINE_MS + 2_000

export const endWorker = disturbing({
  name: 'worker-sigterm',
  what: 'SIGTERM to a worker under load; the time until it is gone',
  full: { events: 40_000, strikes: 20 },
  duplicatesPerStrike: 0,
  recoveryBoundMs: GONE_WITHIN_MS,
  async strike(field) {
    await pause(field.random.between(0, 400))
    const worker = field.random.pick(field.posthorn.workers)
    const from = performance.now()
    const code = await worker.kill('SIGTERM', 30_000)
    field.recoveriesMs.push(performance.now() - from)
    if (code !== 0) throw new Error(`a worker ended with ${code} on SIGTERM\n${worker.tail()}`)
    worker.spawn()
    await worker.ready()
  },
})
