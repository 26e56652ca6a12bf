import { describe, expect, it } from 'vitest'
import { bytes, counted, duration, percent } from './numbers.ts'

describe('success rates', () => {
  it.each([
    [1, '100 %'],
    [0.99999, '99.99 %'],
    [0.5, '50.0 %'],
    [0.00001, '0.01 %'],
    [0, '0 %'],
  ])('%d is shown as %s: one failure in a million is still seen', (rate, text) => {
    expect(percent(rate)).toBe(text)
  })
})

describe('what is counted', () => {
  it.each([
    [0, '0 deliveries'],
    [1, '1 delivery'],
    [1_204, '1,204 deliveries'],
  ])('%d of them are %s', (value, text) => {
    expect(counted(value, 'delivery', 'deliveries')).toBe(text)
  })
})

describe('durations and sizes', () => {
  it.each([
    [3.14, '3.1 ms'],
    [999, '999 ms'],
    [1_250, '1.3 s'],
    [15_000, '15 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })

  it.each([
    [12, '12 B'],
    [2_048, '2.0 KiB'],
  ])('%d bytes are %s', (size, text) => {
    expect(bytes(size)).toBe(text)
  })
})
