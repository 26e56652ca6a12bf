const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const WHOLE = new Intl.NumberFormat('en')

/** `1,204`; from 100,000 `123.4K`. */
export function count(value: number): string {
  return value < 100_000 ? WHOLE.format(value) : COMPACT.format(value)
}

/** `1 delivery`, `1,204 deliveries`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** 0 to 1 as a percentage that never rounds a failure away: 100 % means all. */
export function percent(rate: number): string {
  if (rate === 1) return '100 %'
  if (rate === 0) return '0 %'
  const digits = rate > 0.99 || rate < 0.01 ? 2 : 1
  const scale = 10 ** digits
  const floored = Math.floor(rate * 100 * scale) / scale
  return `${(floored === 0 ? 1 / scale : floored).toFixed(digits)} %`
}

/** `8 ms`, `1.2 s`, `15 s`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}

export function bytes(size: number): string {
  if (size < 1_024) return `${size} B`
  if (size < 1_024 ** 2) return `${(size / 1_024).toFixed(1)} KiB`
  if (size < 1_024 ** 3) return `${(size / 1_024 ** 2).toFixed(1)} MiB`
  return `${(size / 1_024 ** 3).toFixed(1)} GiB`
}
