import type { Spread } from '../measure/spread.ts'

export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(Math.abs(value) >= 10 ? 0 : 1)
}

/** Median, with what the rounds lay between. */
export const spread = ({ median, min, max }: Spread): string =>
  `${figure(median)} (${figure(min)}–${figure(max)})`

export const times = ({ median, min, max }: Spread): string =>
  `${median.toFixed(1)}× (${min.toFixed(1)}–${max.toFixed(1)})`
