import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { METRIC_NOTES } from '../../packages/shared/src/runtime/metric-notes.ts'
import { allRules } from '../alerts/rules.ts'
import { faultsOfQuery } from '../metrics/promql.ts'
import { delivery } from './delivery.ts'
import type { Dashboard } from './model.ts'
import { processes } from './processes.ts'
import { queues } from './queues.ts'
import { redis } from './redis.ts'
import { rendered } from './render.ts'
import { runbook, runbookEntries } from './runbook.ts'

const dashboards: Dashboard[] = [delivery, queues, processes, redis]
const panelsOf = ({ rows }: Dashboard) => rows.flatMap(({ panels }) => panels)
const alerts = allRules().flatMap(({ alert }) => alert ?? [])

const operations = new URL('../../docs/operations.md', import.meta.url)
const entries = runbookEntries(readFileSync(operations, 'utf8'))

interface DrawnPanel {
  readonly id: number
  readonly title: string
  readonly links?: readonly { readonly title: string; readonly url: string }[]
}

test('a runbook has a panel for each alert, and a link of another panel opens the one of its alert', () => {
  const book = runbook(entries) as { uid: string; panels: DrawnPanel[] }
  expect(book.panels.map(({ title }) => title)).toEqual(alerts)
  const all = dashboards.flatMap(
    (dashboard) => (rendered(dashboard, entries) as { panels: DrawnPanel[] }).panels,
  )
  const links = all.flatMap(({ links = [] }) => links)
  expect(links.length).toBeGreaterThan(25)
  for (const { title, url } of links) {
    const [, uid, id] = /^\/d\/(.+)\?viewPanel=(\d+)$/.exec(url) ?? []
    const opened = book.panels.find((panel) => panel.id === Number(id))
    expect([uid, `Runbook: ${opened?.title}`]).toEqual([book.uid, title])
  }
})

describe.each(dashboards)('$title', (dashboard) => {
  const panels = panelsOf(dashboard)

  test('asks for metrics and labels that there are, and counts nothing once a replica', () => {
    const faults = panels.flatMap(({ title, queries }) =>
      queries.flatMap(({ expr }) => {
        const labelled = expr.replaceAll('$ns', 'namespace="a"').replaceAll('$at', 'job="a"')
        const free = ['namespace', 'job', 'instance', 'process']
        return faultsOfQuery(labelled, METRIC_NOTES, free).map((fault) => `${title}: ${fault}`)
      }),
    )
    expect(faults).toEqual([])
  })

  test('says of every panel what to do, and links to runbooks that there are', () => {
    for (const { title, description } of panels) expect(description, title).toMatch(/\.$/)
    const linked = panels.flatMap(({ runbook }) => runbook ?? [])
    expect(linked.filter((alert) => !alerts.includes(alert))).toEqual([])
  })

  test('chooses an installation in every query that is of one', () => {
    const queries = panels.flatMap((panel) => panel.queries.map(({ expr }) => expr))
    const selectors = queries.flatMap(
      (expr) => expr.match(/\b(posthorn|redis|process|nodejs)_[a-z_0-9]+\b(?!\))[^ ]*/g) ?? [],
    )
    expect(selectors.filter((each) => !/\{\$(ns|at)/.test(each))).toEqual([])
  })
})
