import type { Reporter } from 'vitest/node'

/** A test that did not run. `why`: what it said for itself; some say it in their name. */
export interface Skipped {
  readonly file: string
  readonly name: string
  readonly why: string | undefined
}

/** A line for each reason and file, so that nothing that did not run looks like something that passed. */
export function skippedLines(skipped: readonly Skipped[]): string[] {
  const groups = Map.groupBy(skipped, ({ file, name, why }) => `${file}: ${why ?? name}`)
  return [...groups].map(([reason, { length }]) =>
    length === 1 ? reason : `${reason} (${length} tests)`,
  )
}

/** With `-t` all others are skipped, and nobody wonders why. */
let isChosenByName = false

/** Vitest's own reporters show neither which tests were skipped in a file that passed, nor why. */
export const reportSkipped: Reporter = {
  onInit(vitest) {
    isChosenByName = vitest.config.testNamePattern !== undefined
  },
  onTestRunEnd(modules) {
    if (isChosenByName) return
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => {
        const result = test.result()
        const why = result.state === 'skipped' ? result.note : undefined
        return { file: module.relativeModuleId, name: test.fullName, why }
      }),
    )
    if (skipped.length > 0) console.log(['\nSkipped:', ...skippedLines(skipped)].join('\n  - '))
  },
}
