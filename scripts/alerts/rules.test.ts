import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { METRIC_NOTES } from '../../packages/shared/src/runtime/metric-notes.ts'
import { brokenLinks } from '../checks/references.ts'
import { faultsOfQuery } from '../metrics/promql.ts'
import { allRules, testedAlerts } from './rules.ts'

const root = new URL('../../', import.meta.url)
const read = (file: string) => readFileSync(fileURLToPath(new URL(file, root)), 'utf8')
const rules = allRules()
const alerts = rules.flatMap((rule) =>
  rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }],
)
const records = rules.flatMap(({ record }) => record ?? [])

/** Presence and readiness of each process are asked for as they are. */
const freeLabels = ['namespace', 'job', 'instance']

test('every rule asks for metrics and labels that there are, and counts nothing once a replica', () => {
  const faults = rules.flatMap(({ alert, record, expr }) =>
    faultsOfQuery(expr, METRIC_NOTES, freeLabels).map((fault) => `${alert ?? record}: ${fault}`),
  )
  expect(faults).toEqual([])
  const asked = rules.flatMap(({ expr }) => expr.match(/posthorn:\w+:\w+/g) ?? [])
  expect(asked.filter((name) => !records.includes(name))).toEqual([])
})

test('every alert has a case of promtool in which it fires, and one in which it stays quiet', () => {
  const names = alerts.map(({ alert }) => alert).toSorted()
  const { fires, quiet } = testedAlerts()
  expect([...fires].toSorted()).toEqual(names)
  expect([...quiet].toSorted()).toEqual(names)
})

describe.each(alerts)('the alert $alert', ({ labels, annotations }) => {
  test('says how urgent it is, what is wrong, and where its runbook is', () => {
    expect(['critical', 'warning']).toContain(labels?.severity)
    expect(annotations?.summary).toMatch(/^\S.*[^.]$/)
    expect(annotations?.description).toMatch(/\.$/)
    const link = annotations?.runbook_url ?? ''
    expect(link).toMatch(/^docs\/operations\.md#posthorn/)
    expect(brokenLinks(`[runbook](${link})`, read)).toEqual([])
  })
})
