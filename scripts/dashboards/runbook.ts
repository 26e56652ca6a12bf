import { frame } from './render.ts'

/** A dashboard with the runbook of each alert, so that it is at hand where the panels are. */
export function runbook(operations: string): Record<string, unknown> {
  const [, alerts = ''] = operations.split('\n## Alerts\n')
  const [section = ''] = alerts.split('\n## ')
  // Links within the documents lead nowhere in Grafana.
  const content = section.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').trim()
  const title = 'Posthorn: Runbook'
  const description = 'What to do when an alert fires: docs/operations.md, Alerts.'
  const panel = {
    id: 1,
    type: 'text',
    title: '',
    gridPos: { x: 0, y: 0, w: 24, h: 60 },
    options: { mode: 'markdown', content },
  }
  return { ...frame({ uid: 'posthorn-runbook', title, description }), panels: [panel] }
}
