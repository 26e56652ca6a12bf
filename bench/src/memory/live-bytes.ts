import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Live } from './slope.ts'

const WITHIN_MS = 10_000
const LOOK_EVERY_MS = 20

/** The environment in which a process tells what is alive in it. */
export const tellingLiveBytes = (folder: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL('live-bytes.mjs', import.meta.url).href}`,
  LIVE_BYTES_FOLDER: folder,
})

/**
 * What is alive in a process after all garbage has been collected: the heap, and what lies outside it for
 * objects on it. Resident memory says less: it holds what the collector has not got round to.
 * @throws Error when the process does not tell
 */
export async function liveBytes(pid: number, folder: string): Promise<Live> {
  const file = join(folder, String(pid))
  rmSync(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  const deadline = performance.now() + WITHIN_MS
  while (!existsSync(file)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} does not tell its live bytes`)
    await sleep(LOOK_EVERY_MS)
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Live
}
