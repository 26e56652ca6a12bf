export interface Line {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Longer texts are compared as a whole: the table below grows with the product of both. */
const MOST_LINES = 800

/** The shortest way from one text to another, line by line. */
export function diffLines(before: string, after: string): Line[] {
  const a = before.split('\n')
  const b = after.split('\n')
  if (a.length > MOST_LINES || b.length > MOST_LINES) return whole(a, b)
  const common = commonLengths(a, b)
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [old, fresh] = [a[i], b[j]]
    if (i < a.length && j < b.length && old === fresh) {
      lines.push({ kind: 'same', text: String(old) })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push({ kind: 'removed', text: String(old) })
      i += 1
    } else {
      lines.push({ kind: 'added', text: String(fresh) })
      j += 1
    }
  }
  return lines
}

function whole(a: readonly string[], b: readonly string[]): Line[] {
  if (a.join('\n') === b.join('\n')) return a.map((text) => ({ kind: 'same', text }))
  return [
    ...a.map((text): Line => ({ kind: 'removed', text })),
    ...b.map((text): Line => ({ kind: 'added', text })),
  ]
}

/** `[i][j]`: how many lines `a` from i and `b` from j have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = table[i] as number[]
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] =
        a[i] === b[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1))
  }
  return table
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}
