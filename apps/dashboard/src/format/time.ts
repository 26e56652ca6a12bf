const SECOND_MS = 1_000
const UNITS = [
  ['s', SECOND_MS, 60],
  ['min', 60 * SECOND_MS, 60],
  ['h', 3_600 * SECOND_MS, 48],
  ['d', 86_400 * SECOND_MS, Number.POSITIVE_INFINITY],
] as const

/** `42 s`, `7 min`, `31 h`, `12 d`: the largest unit that says enough. */
export function span(ms: number): string {
  const size = Math.abs(ms)
  for (const [unit, unitMs, below] of UNITS) {
    if (size / unitMs < below) return `${Math.floor(size / unitMs)} ${unit}`
  }
  return ''
}

/** `12 min ago`, `in 3 h`; `now` within the second. */
export function relative(atMs: number, nowMs: number): string {
  const ms = nowMs - atMs
  if (Math.abs(ms) < SECOND_MS) return 'now'
  return ms > 0 ? `${span(ms)} ago` : `in ${span(ms)}`
}

/** `0:42`, `12:07`, `3:00:00`: what is left, to be seen counting down. */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / SECOND_MS))
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60]
  const hours = Math.floor(seconds / 3_600)
  const [first, ...rest] = hours > 0 ? [hours, ...parts] : parts
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':')
}

const EXACT = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
})

/** The exact moment in the reader's time zone, and as the API says it. */
export function exact(time: string): string {
  return `${EXACT.format(new Date(time))}\n${time}`
}
