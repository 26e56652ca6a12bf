// Node's types do not know it yet (ECMAScript 2026, JSON.parse source text access).
const { rawJSON } = JSON as unknown as { rawJSON?: (text: string) => number }

interface Source {
  readonly source?: string
}

const STRINGS = /"(?:[^"\\]|\\.)*"/g
const NUMBERS = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** A number of a text of JSON that would be written otherwise once it is read. */
export const changedNumber = (text: string): string | undefined =>
  text
    .replaceAll(STRINGS, '')
    .match(NUMBERS)
    ?.find((number) => String(Number(number)) !== number)

/**
 * What a text of JSON says, so that it is written again with its numbers as they were spelled:
 * `12345678901234567890`, `1.0`.
 * @throws SyntaxError; RangeError where this Node would change a number (before 21)
 */
export function parseExactly(text: string): unknown {
  if (!rawJSON) return parsedAsIs(text)
  return JSON.parse(text, (_, value: unknown, context?: Source) => {
    const source = context?.source
    if (typeof value !== 'number' || source === undefined || String(value) === source) return value
    return rawJSON(source)
  })
}

function parsedAsIs(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const changed = changedNumber(text)
  if (changed === undefined) return value
  throw new RangeError(`${changed} would be changed by Node ${process.versions.node}: take Node 22`)
}
