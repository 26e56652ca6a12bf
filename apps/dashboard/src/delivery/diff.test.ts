import { describe, expect, it } from 'vitest'
import { diffLines } from './diff.ts'

const short = (before: string, after: string) =>
  diffLines(before, after).map(
    ({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`,
  )

describe('two attempts are compared line by line', () => {
  it('what is the same stays, what changed is shown once each', () => {
    expect(short('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c'])
  })

  it('the same text has no change', () => {
    expect(short('a\nb', 'a\nb')).toEqual([' a', ' b'])
  })

  it('lines that only one has are found wherever they stand', () => {
    expect(short('b', 'a\nb\nc')).toEqual(['+a', ' b', '+c'])
    expect(short('a\nb\nc', 'b')).toEqual(['-a', ' b', '-c'])
  })

  it('very long texts are still compared, as a whole', () => {
    const long = Array.from({ length: 900 }, (_, index) => String(index)).join('\n')
    expect(diffLines(long, `${long}\nx`).filter(({ kind }) => kind === 'added')).toHaveLength(901)
    expect(diffLines(long, long).every(({ kind }) => kind === 'same')).toBe(true)
  })
})
