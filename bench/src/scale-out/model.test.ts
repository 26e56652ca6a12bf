import { expect, test } from 'vitest'
import { capacityFor, redisFullAt } from './capacity.ts'
import { costOf, errorsOf, fitCpu, fitLine } from './model.ts'
import { perPart } from './parts.ts'

const exact = { perEvent: 100, perDelivery: 30 }
const pointsOf = (fanOuts: readonly number[]) =>
  fanOuts.map((fanOut) => ({ fanOut, cost: costOf(exact, fanOut) }))

test('measurements that lie on a line give back that line', () => {
  const { perEvent, perDelivery } = fitLine(pointsOf([1, 5, 20]))
  expect(perEvent).toBeCloseTo(100)
  expect(perDelivery).toBeCloseTo(30)
})

test('each measurement counts by its relative error, however large it is', () => {
  const [one, five, twenty] = pointsOf([1, 5, 20])
  const off = { fanOut: 20, cost: (twenty?.cost ?? 0) * 1.1 }
  const line = fitLine([one, five, off] as { fanOut: number; cost: number }[])
  expect(Math.abs(costOf(line, 1) / costOf(exact, 1) - 1)).toBeLessThan(0.05)
  expect(Math.abs(costOf(line, 20) / off.cost - 1)).toBeLessThan(0.05)
})

test.each([
  [
    'an event',
    [
      { fanOut: 1, cost: 10 },
      { fanOut: 10, cost: 200 },
    ],
    'perEvent',
  ],
  [
    'a delivery',
    [
      { fanOut: 1, cost: 10 },
      { fanOut: 10, cost: 8 },
    ],
    'perDelivery',
  ],
] as const)('noise never makes %s cost less than nothing', (_, points, part) => {
  const line = fitLine(points)
  expect(line[part]).toBe(0)
  expect(costOf(line, 5)).toBeGreaterThan(0)
})

test('one fan-out alone is refused: it cannot tell events from deliveries', () => {
  expect(() => fitLine(pointsOf([5, 5]))).toThrow(RangeError)
})

// 130 µs for an event with one delivery, 250 with five, in each process.
const cpu = fitCpu(
  [1, 5].map((fanOut) => ({ fanOut, cpuUs: perPart(() => costOf(exact, fanOut) / fanOut) })),
)
const memory = { waiting: { perEvent: 1_000, perDelivery: 0 }, kept: exact }

test('a load gets the cores that it uses, and processes that are at most 70 % busy', () => {
  const { cores, processes } = capacityFor(cpu, memory, { eventsPerSecond: 4_000, fanOut: 5 })
  expect(cores.worker).toBeCloseTo(1)
  expect(processes).toEqual({ api: 2, worker: 2, redis: 2 })
  const least = capacityFor(cpu, memory, { eventsPerSecond: 1, fanOut: 1 })
  expect(least.processes).toEqual({ api: 1, worker: 1, redis: 1 })
})

test('memory grows with the time without a worker, and with what is kept', () => {
  const given = { eventsPerSecond: 10, fanOut: 5 }
  const { waitingBytesPerMinute, keptBytesPerHour } = capacityFor(cpu, memory, given)
  expect(waitingBytesPerMinute).toBe(600_000)
  expect(keptBytesPerHour).toBe(10 * 3_600 * 250)
})

test('one Redis is full where its core is', () => {
  expect(redisFullAt(cpu, 5, 1)).toBeCloseTo(4_000)
  expect(redisFullAt(cpu, 5, 0.7)).toBeCloseTo(2_800)
})

test("the model's error is relative to what was measured, and signed", () => {
  const errors = errorsOf(cpu, { fanOut: 5, cpuUs: { api: 25, worker: 50, redis: 100 } })
  expect(errors.api).toBeCloseTo(1)
  expect(errors.worker).toBeCloseTo(0)
  expect(errors.redis).toBeCloseTo(-0.5)
  expect(errors.total).toBeCloseTo(150 / 175 - 1)
})
