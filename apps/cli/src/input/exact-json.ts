// Node's types do not know it yet (ECMAScript 2026, JSON.parse source text access).
const { rawJSON } = JSON as unknown as { rawJSON?: (text: string) => number }

interface Source {
  readonly source?: string
}

/**
 * What a text of JSON says, so that it is written again with its numbers as they were spelled:
 * `12345678901234567890`, `1.0`.
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: Source) => {
    const source = context?.source
    if (typeof value !== 'number' || source === undefined || String(value) === source) return value
    return rawJSON ? rawJSON(source) : value
  })
}
