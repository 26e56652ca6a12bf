const SAMPLES = 100

/** A process that is interrupted between the two clocks reads too small an offset, never too large a one. */
function offsetMs(): number {
  const offsets = Array.from(
    { length: SAMPLES },
    () => Number(process.hrtime.bigint()) / 1e6 - performance.now(),
  )
  return Math.max(...offsets)
}

const OFFSET_MS = offsetMs()

/**
 * The monotonic clock that all processes of the machine share, in ms with fractions: times of one
 * process can be compared with those of another.
 */
export const machineMs = (): number => performance.now() + OFFSET_MS
