import { frame } from './frame.ts'

const UID = 'posthorn-runbook'
const WIDTH = 24
const HEIGHT = 7

/** One section of docs/operations.md: what to do when this alert fires. */
export interface RunbookEntry {
  readonly alert: string
  readonly text: string
}

/** The sections of the alerts, in the order of the document. */
export function runbookEntries(operations: string): RunbookEntry[] {
  const [, alerts = ''] = operations.split('\n## Alerts\n')
  const [section = ''] = alerts.split('\n## ')
  const [, ...entries] = section.split('\n### ')
  return entries.map((entry) => {
    const [alert = '', ...lines] = entry.split('\n')
    // Links within the documents lead nowhere in Grafana.
    const text = lines.join('\n').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    return { alert, text: text.trim() }
  })
}

/**
 * Where Grafana shows the runbook of one alert, and it alone. A panel has an address; a heading within a text
 * has none, since Grafana takes the ids out of what it renders.
 * @throws when there is none
 */
export function runbookUrl(entries: readonly RunbookEntry[], alert: string): string {
  const at = entries.findIndex((entry) => entry.alert === alert)
  if (at < 0) throw new Error(`docs/operations.md has no runbook of ${alert}`)
  return `/d/${UID}?viewPanel=${idOf(at)}`
}

/** A dashboard with a panel for each alert, so that its runbook is at hand where the panels are. */
export function runbook(entries: readonly RunbookEntry[]): Record<string, unknown> {
  const title = 'Posthorn: Runbook'
  const description = 'What to do when an alert fires: docs/operations.md, Alerts.'
  const panels = entries.map(({ alert, text }, at) => ({
    id: idOf(at),
    type: 'text',
    title: alert,
    gridPos: { x: (at % 2) * (WIDTH / 2), y: Math.floor(at / 2) * HEIGHT, w: WIDTH / 2, h: HEIGHT },
    options: { mode: 'markdown', content: text },
  }))
  return { ...frame({ uid: UID, title, description }), panels }
}

const idOf = (at: number): number => at + 1
