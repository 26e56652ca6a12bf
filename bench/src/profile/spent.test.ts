import { expect, test } from 'vitest'
import { commandShares } from './commands.ts'
import { areaOf } from './spent.ts'

test.each([
  ['settle apps/worker/src/settle/settler.ts:12', 'apps/worker/src/settle'],
  ['main apps/worker/src/main.ts:3', 'apps/worker/src'],
  ['moveToActive bullmq/dist/esm/classes/worker.js:300', 'bullmq'],
  ['encode @scope/name/index.js:1', '@scope/name'],
  ['writeBuffer node:internal/stream_base_commons:9', 'node:internal/stream_base_commons'],
  ['(garbage collector)', '(garbage collector)'],
  ['writev', 'writev'],
])('%s counts for %s', (frame, area) => {
  expect(areaOf(frame)).toBe(area)
})

test("Redis' time is told by command, as a share of its CPU", () => {
  const info =
    'cmdstat_evalsha:calls=2,usec=600,usec_per_call=3\ncmdstat_config|get:calls=1,usec=100,x'
  expect(commandShares(info, 1).areas).toEqual([
    { name: 'EVALSHA', share: 0.6 },
    { name: 'CONFIG GET', share: 0.1 },
  ])
})
