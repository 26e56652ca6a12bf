// The event that is published: when it was due stands inside, so that the receiver alone can tell
// how long it took, whatever design it came through.

/** In front of the time in the body. */
export const TIME_MARK = '"at":"'
/** Milliseconds with three decimals, padded. */
export const TIME_WIDTH = 20

export const timeText = (atMs: number): string => atMs.toFixed(3).padStart(TIME_WIDTH, '0')

/** The body of a publish whose `data` has this many bytes. */
export function publishBody(type: string, dataBytes: number): string {
  const frame = JSON.stringify({ at: timeText(0), text: '' })
  const data = { at: timeText(0), text: 'x'.repeat(Math.max(0, dataBytes - frame.length)) }
  return JSON.stringify({ type, data })
}
