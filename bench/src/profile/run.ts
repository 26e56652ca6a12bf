import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { measureFullLoad } from '../measure/full-load.ts'
import { startHarness } from '../measure/harness.ts'
import { startPosthorn } from '../posthorn/system.ts'
import { spent } from './spent.ts'

export interface ProfileOptions {
  readonly folder: string
  readonly fanOuts: readonly number[]
  readonly bytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

/** Leaves `posthorn-api.cpuprofile` and `posthorn-worker.cpuprofile`; returns their top entries. */
export async function profile(options: ProfileOptions): Promise<string> {
  const folder = resolve(options.folder)
  mkdirSync(folder, { recursive: true })
  const { fanOuts, bytes } = options
  const harness = await startHarness(Math.max(...fanOuts))
  const { receiverPorts } = harness
  const posthorn = await startPosthorn({
    ...{ receiverPorts, fanOuts },
    logFolder: folder,
    profileFolder: folder,
  })
  try {
    for (const fanOut of fanOuts) {
      await measureFullLoad(posthorn, harness, { fanOut, bytes }, options)
    }
  } finally {
    await posthorn.stop()
    harness.stop()
  }
  return ['posthorn-api', 'posthorn-worker']
    .map((name) => `## ${name}\n\n${spent(join(folder, `${name}.cpuprofile`))}`)
    .join('\n\n')
}
