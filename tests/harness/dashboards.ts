import { globSync, readFileSync } from 'node:fs'
import { repositoryRoot } from './place.ts'

export interface PanelQuery {
  readonly name: string
  readonly unit: string
  /** As Grafana would send it, its variables filled in. */
  readonly expr: string
}

interface Panel {
  readonly title: string
  readonly type: string
  readonly targets?: readonly { readonly expr: string }[]
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } }
}

/** Every query of every panel of deploy/grafana. */
export function panelQueries(windows: { rate: string; range: string }): PanelQuery[] {
  const files = globSync('deploy/grafana/dashboards/*.json', { cwd: repositoryRoot })
  return files.flatMap((file) => {
    const dashboard = JSON.parse(readFileSync(`${repositoryRoot}/${file}`, 'utf8'))
    return (dashboard.panels as Panel[]).flatMap((panel) =>
      (panel.targets ?? []).map(({ expr }, at) => ({
        name: `${dashboard.title}: ${panel.title}, query ${at + 1}`,
        unit: panel.fieldConfig?.defaults.unit ?? '',
        expr: expr
          .replaceAll('$__rate_interval', windows.rate)
          .replaceAll('$__range', windows.range)
          .replaceAll('"$namespace"', '"test"')
          .replaceAll(/"\$(job|instance)"/g, '".*"'),
      })),
    )
  })
}
