import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

interface RuleTest {
  readonly alert_rule_test: readonly { alertname: string; exp_alerts: readonly unknown[] }[]
}

export const rulesFolder = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url))
const read = (file: string) => parse(readFileSync(rulesFolder + file, 'utf8'))

export function allRules(): Rule[] {
  const { groups } = read('posthorn.rules.yml') as { groups: { rules: Rule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

/** The alerts that `promtool test rules` looks at: which fire in a case, which stay quiet in one. */
export function testedAlerts(): { fires: Set<string>; quiet: Set<string> } {
  const { tests } = read('posthorn.rules.test.yml') as { tests: RuleTest[] }
  const cases = tests.flatMap((each) => each.alert_rule_test)
  const named = (fires: boolean) =>
    cases.filter(({ exp_alerts }) => exp_alerts.length > 0 === fires).map((each) => each.alertname)
  return { fires: new Set(named(true)), quiet: new Set(named(false)) }
}
