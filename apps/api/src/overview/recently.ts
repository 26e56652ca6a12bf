const MAX_KEPT = 1_000

/**
 * Gives an answer again while it is young, also one that is just being made: a dashboard on every desk
 * costs Redis no more than one.
 */
export function recently<Answer>(
  keepMs: number,
  read: (key: string) => Promise<Answer>,
  nowMs: () => number = () => performance.now(),
): (key: string) => Promise<Answer> {
  const kept = new Map<string, { answer: Promise<Answer>; untilMs: number }>()
  return (key) => {
    const known = kept.get(key)
    if (known && nowMs() < known.untilMs) return known.answer
    if (kept.size >= MAX_KEPT) kept.clear()
    const answer = read(key)
    kept.set(key, { answer, untilMs: nowMs() + keepMs })
    // Whoever waits is told; the next one asks anew.
    answer.catch(() => kept.delete(key))
    return answer
  }
}
