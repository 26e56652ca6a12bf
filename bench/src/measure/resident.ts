import { residentBytes } from '../process/usage.ts'
import type { System } from './system.ts'

export interface Resident {
  readonly idleBytes: number
  readonly peakBytes: number
}

export interface ResidentByPart {
  readonly api: Resident
  readonly worker: Resident
}

/** To be called while the system is idle; `end` tells the highest since the processes began. */
export function watchResident(system: System): { end: () => ResidentByPart } {
  const idle = { api: now(system, 'api').now, worker: now(system, 'worker').now }
  return {
    end: () => ({
      api: { idleBytes: idle.api, peakBytes: now(system, 'api').peak },
      worker: { idleBytes: idle.worker, peakBytes: now(system, 'worker').peak },
    }),
  }
}

const LOOK_EVERY_MS = 100

/** The highest while it is loaded, looked at now and again; `end` tells it. */
export function watchLoad(system: System): { end: () => Record<'api' | 'worker', number> } {
  const most = { api: 0, worker: 0 }
  const look = () => {
    for (const part of ['api', 'worker'] as const) {
      most[part] = Math.max(most[part], now(system, part).now)
    }
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    end: () => {
      clearInterval(timer)
      look()
      return most
    },
  }
}

/** Of several processes the largest. */
function now(system: System, part: 'api' | 'worker') {
  const each = system.pids(part).map(residentBytes)
  return {
    now: Math.max(...each.map((one) => one.now)),
    peak: Math.max(...each.map((one) => one.peak)),
  }
}
