import { setTimeout as sleep } from 'node:timers/promises'
import type { Posthorn } from '../posthorn/system.ts'
import type { Peer } from '../process/rpc.ts'
import type { ReceiverMethods } from '../receiver/main.ts'
import { Patience } from './patience.ts'
import { type Standing, standingOf, standingText } from './standing.ts'

const LOOK_EVERY_MS = 20
const JUDGE_EVERY_MS = 5_000
const TELL_EVERY_JUDGEMENTS = 6
const TOLD_WITHIN_MS = 10_000

interface Awaited {
  /** That was asked to tell deliveries apart: one that came twice stands for no other. */
  readonly receiver: Peer<ReceiverMethods>
  readonly posthorn: Pick<Posthorn, 'workerPorts'>
  readonly expected: number
  readonly progress: (line: string) => void
}

/**
 * Waits until every delivery has come: on a machine that is too busy as long as that takes, and for retries of
 * what failed until they are due, but not for what stands still.
 * @throws Error that says where what is missing stands
 */
export async function arrived({ receiver, posthorn, expected, progress }: Awaited): Promise<void> {
  const patience = new Patience()
  for (let judgements = 1; ; judgements++) {
    if (await comeWithin(JUDGE_EVERY_MS, receiver, expected)) return
    const came = await distinct(receiver)
    const standing = await standingNow(posthorn.workerPorts[0] as number)
    patience.look(expected - came, standing)
    const where = standing ? standingText(standing) : 'the worker does not say where they are'
    const missing = (expected - came).toLocaleString('en-US')
    const line = `${missing} of ${expected.toLocaleString('en-US')} have not arrived: ${where}`
    if (patience.isOver) throw new Error(`nothing has moved for two minutes: ${line}`)
    if (judgements % TELL_EVERY_JUDGEMENTS === 0) progress(line)
  }
}

async function comeWithin(
  ms: number,
  receiver: Peer<ReceiverMethods>,
  expected: number,
): Promise<boolean> {
  const until = performance.now() + ms
  do {
    if ((await distinct(receiver)) >= expected) return true
    await sleep(LOOK_EVERY_MS)
  } while (performance.now() < until)
  return false
}

async function distinct(receiver: Peer<ReceiverMethods>): Promise<number> {
  const total = await receiver.call('total', null)
  return total - (await receiver.call('repeated', null))
}

/** Undefined where the worker does not answer. */
async function standingNow(port: number): Promise<Standing | undefined> {
  try {
    const signal = AbortSignal.timeout(TOLD_WITHIN_MS)
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { signal })
    return standingOf(await answer.text())
  } catch {
    return undefined
  }
}
