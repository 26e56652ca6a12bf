/**
 * The monotonic clock that all processes of the machine share, in ms with fractions: times of one
 * process can be compared with those of another.
 */
const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

export const machineMs = (): number => performance.now() + offsetMs
