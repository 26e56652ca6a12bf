import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { machineMs } from '../clock.ts'
import { disturbing, type Fault, IN_THE_AIR_OF_A_WORKER, NotHere } from '../fault.ts'
import { refused } from '../load/one.ts'

const DISK_MIB = 192
const FULL_FOR_MS = 4_000

/** Redis on a disk of its own, which is full for a while: it refuses writes, and goes on when there is room. */
export const fillDisk: Fault = {
  name: 'disk-full',
  what: "Redis' disk full for 4 s: 503 meanwhile, no restart",
  full: { events: 10_000, strikes: 4 },
  async run(size, seed) {
    const disk = smallDisk()
    try {
      return await onDisk(disk.folder).run(size, seed)
    } finally {
      disk.remove()
    }
  },
}

const onDisk = (folder: string): Fault =>
  disturbing({
    ...fillDisk,
    field: { redisArgs: ['--dir', folder, '--auto-aof-rewrite-percentage', '0'] },
    duplicatesPerStrike: 2 * IN_THE_AIR_OF_A_WORKER,
    recoveryBoundMs: 10_000,
    async strike(field) {
      const end = field.disturb()
      const filler = fill(folder)
      try {
        await refused(field)
        await pause(FULL_FOR_MS)
      } finally {
        rmSync(filler)
      }
      await field.recovered(machineMs())
      end()
    },
  })

/** @throws NotHere where nothing may be mounted */
function smallDisk(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', folder], {
      stdio: 'pipe',
    })
  } catch {
    rmSync(folder, { recursive: true })
    throw new NotHere('a disk of its own needs the right to mount a tmpfs')
  }
  const remove = () => {
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  }
  return { folder, remove }
}

/** @returns the file that takes all the room */
function fill(folder: string): string {
  const file = join(folder, 'filler')
  const descriptor = openSync(file, 'w')
  for (const chunk of [Buffer.alloc(1 << 20), Buffer.alloc(1 << 10), Buffer.alloc(1)]) {
    try {
      for (;;) writeSync(descriptor, chunk)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
  closeSync(descriptor)
  return file
}
