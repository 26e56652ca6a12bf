/** Milliseconds that all processes of this machine share and that setting the wall clock does not move. */
export const machineMs = (): number => performance.timeOrigin + performance.now()
