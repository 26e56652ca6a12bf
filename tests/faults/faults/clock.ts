import { setTimeout as pause } from 'node:timers/promises'
import { request } from 'undici'
import { disturbing } from '../fault.ts'
import { preloaded } from '../preload/preloaded.ts'

const SKEW_MS = 600_000
const SKEWED_FOR_MS = 8_000

/** One worker at first, then all: a worker whose clock is wrong takes nothing, and says so. */
export const skewClock = disturbing({
  name: 'clock-skew',
  what: "one worker's clock ten minutes off, then all workers' clocks",
  full: { events: 10_000, strikes: 4 },
  field: { workerEnv: () => ({ ...preloaded('skew'), SKEW_MS: String(SKEW_MS) }) },
  duplicatesPerStrike: 0,
  async strike(field, nth) {
    const { workers } = field.posthorn
    const skewed = nth % 2 === 0 ? workers.slice(0, 1) : workers
    for (const worker of skewed) worker.signal('SIGUSR2')
    await pause(SKEWED_FOR_MS)
    for (const worker of skewed) {
      const text = await (await request(`${worker.url}/readyz`)).body.text()
      if (!text.includes('clock is')) throw new Error(`a clock that is off is not said: ${text}`)
    }
    for (const worker of skewed) worker.signal('SIGUSR2')
    await Promise.all(skewed.map((worker) => worker.ready(30_000)))
  },
})
