// A payload's numbers are shown as the producer wrote them: 12345678901234567890 and 1.0 stay what they
// are, where the browser can tell (JSON.rawJSON); elsewhere they are read as usual.

interface Source {
  readonly source?: string
}
interface ExactJson {
  rawJSON?(text: string): unknown
  parse(text: string, reviver: (key: string, value: unknown, context?: Source) => unknown): unknown
}

const json = JSON as unknown as ExactJson

/** As `JSON.parse`, with numbers that would not print the same kept as written. */
export function parseExactly(text: string): unknown {
  return json.parse(text, (_key, value, context) =>
    typeof value === 'number' && context?.source && String(value) !== context.source
      ? (json.rawJSON?.(context.source) ?? value)
      : value,
  )
}

/** Indented, if it is JSON at all. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(parseExactly(text), undefined, 2)
  } catch {
    return text
  }
}
