import type { components } from 'posthorn/openapi'

export type UrlCheck = components['schemas']['UrlCheck']

export interface CheckStage {
  readonly label: string
  readonly state: 'passed' | 'failed'
  readonly ms: number
}

const STAGES = [
  ['dns', 'DNS', 'dnsMs'],
  ['connect', 'Connection', 'connectMs'],
  ['tls', 'TLS', 'tlsMs'],
] as const

/** The stages that were come to, in order; when it did not end well, the last of them failed. */
export function stagesOf({
  outcome,
  timings,
}: Pick<UrlCheck, 'outcome' | 'timings'>): CheckStage[] {
  const reached = STAGES.flatMap(([, label, name]) => {
    const ms = timings[name]
    return ms === undefined ? [] : [{ label, ms, state: 'passed' as const }]
  })
  if (outcome === 'success') return reached
  return reached.map((stage, i) =>
    i === reached.length - 1 ? { ...stage, state: 'failed' as const } : stage,
  )
}
