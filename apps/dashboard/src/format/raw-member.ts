/**
 * The text of a member of a JSON object, exactly as it stands there: spaces, escapes and the spelling of
 * numbers are what a signature covers.
 *
 * @param json a valid JSON object
 */
export function rawMember(json: string, name: string): string | undefined {
  let depth = 0
  let key: string | undefined
  let start = -1
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at]
    if (char === '"') {
      const end = endOfString(json, at)
      if (depth === 1 && start < 0) key = JSON.parse(json.slice(at, end)) as string
      at = end - 1
      continue
    }
    const ends = depth === 1 && (char === ',' || char === '}')
    if (ends && key === name && start >= 0) return json.slice(start, at).trim()
    if (depth === 1 && char === ':') start = at + 1
    if (ends) start = -1
    if (char === '{' || char === '[') depth += 1
    if (char === '}' || char === ']') depth -= 1
  }
  return undefined
}

/** One past the closing quote of the string that opens at `from`. */
function endOfString(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1
    else if (json[at] === '"') return at + 1
  }
  return json.length
}
