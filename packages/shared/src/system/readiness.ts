/** What `/readyz` answers on the API and on workers alike. */
export function readiness(reasons: readonly string[], warnings: readonly string[]) {
  const ready = reasons.length === 0
  return {
    status: ready ? 200 : 503,
    body: { status: ready ? 'ready' : 'not_ready', reasons, warnings },
  }
}
