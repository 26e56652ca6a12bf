import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Redis } from 'ioredis'
import { measureFullLoad } from '../measure/full-load.ts'
import { startHarness } from '../measure/harness.ts'
import { startPosthorn } from '../posthorn/system.ts'
import { cpuMs } from '../process/usage.ts'
import { commandShares } from './commands.ts'
import { spent, type TimeSpent } from './spent.ts'

export interface ProfileOptions {
  readonly folder: string
  readonly fanOuts: readonly number[]
  readonly bytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
}

const NODE_PROCESSES = { API: 'posthorn-api', worker: 'posthorn-worker' }

/**
 * Where the time of each process goes at full load. Leaves `posthorn-api.cpuprofile` and
 * `posthorn-worker.cpuprofile`; of Redis, by command.
 */
export async function profile(options: ProfileOptions): Promise<TimeSpent[]> {
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
  const redis = new Redis(posthorn.redisUrl)
  const redisMs = () => posthorn.pids('redis').reduce((sum, pid) => sum + cpuMs(pid), 0)
  let ofRedis: TimeSpent
  try {
    await redis.config('RESETSTAT')
    const beganMs = redisMs()
    for (const fanOut of fanOuts) {
      await measureFullLoad(posthorn, harness, { fanOut, bytes }, options)
    }
    ofRedis = commandShares(await redis.info('commandstats'), redisMs() - beganMs)
  } finally {
    redis.disconnect()
    await posthorn.stop()
    harness.stop()
  }
  const ofNode = Object.entries(NODE_PROCESSES).map(([name, file]) =>
    spent(name, join(folder, `${file}.cpuprofile`)),
  )
  return [...ofNode, ofRedis]
}
