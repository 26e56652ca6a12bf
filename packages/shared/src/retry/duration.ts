const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const

/** `500ms`, `1.5s`, `30m`, `24h`, `2d` in seconds; undefined if the text is none of these. */
export function parseDurationSeconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim())
  if (!match) return undefined
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS]
}
