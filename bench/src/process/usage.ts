import { readFileSync } from 'node:fs'

// What the operating system says of a process: the figures that other programs on the machine
// disturb least.

/** USER_HZ, fixed at 100 on every Linux that Node runs on. */
const TICK_MS = 10

/** User and system time of all threads so far. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name, field 2, may hold spaces; what follows its bracket starts at field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Resident memory now, and its highest so far. */
export function residentBytes(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  return { now: kib('VmRSS') * 1024, peak: kib('VmHWM') * 1024 }
}
