import { setTimeout as pause } from 'node:timers/promises'
import { disturbing } from '../fault.ts'

/** Two APIs: a producer that got no answer goes to the other one with the same id. */
export const killApi = disturbing({
  name: 'api-kill',
  what: 'kill -9 of an API between record, job and answer',
  full: { events: 60_000, strikes: 40 },
  slice: { events: 2_000, strikes: 2 },
  duplicatesPerStrike: 0,
  async strike(field) {
    await pause(field.random.between(0, 400))
    const api = field.random.pick(field.posthorn.apis)
    await api.kill('SIGKILL')
    field.kills.api++
    api.spawn()
    await api.ready()
  },
})
