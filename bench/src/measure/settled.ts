import { setTimeout as sleep } from 'node:timers/promises'
import { cpuNow, ownCpu } from './cpu.ts'
import type { Harness } from './harness.ts'
import type { System } from './system.ts'

const LOOK_EVERY_MS = 200
const QUIET_SHARE = 0.08
/** Something that runs for ever in the background must not stop the bench. */
const QUIET_WITHIN_MS = 5_000
const ARRIVED_WITHIN_MS = 60_000

/**
 * Waits until every delivery has come and the design does no more work for them (records, history):
 * all that a delivery costs is then spent.
 *
 * @returns deliveries beyond those expected
 */
export async function settled(
  system: System,
  harness: Harness,
  expectedTotal: number,
): Promise<number> {
  const deadline = performance.now() + ARRIVED_WITHIN_MS
  while ((await harness.receiver.call('total', null)) < expectedTotal) {
    if (performance.now() > deadline) throw new Error(`${system.name} lost deliveries`)
    await sleep(LOOK_EVERY_MS / 4)
  }
  await quiet(system, harness, QUIET_WITHIN_MS)
  return (await harness.receiver.call('total', null)) - expectedTotal
}

/** Waits until the design does nearly nothing, but no longer than so long. */
export async function quiet(system: System, harness: Harness, withinMs: number): Promise<void> {
  const quietBy = performance.now() + withinMs
  let before = ownCpu(cpuNow(system, harness))
  for (;;) {
    await sleep(LOOK_EVERY_MS)
    const after = ownCpu(cpuNow(system, harness))
    if (after - before <= LOOK_EVERY_MS * QUIET_SHARE || performance.now() > quietBy) return
    before = after
  }
}
