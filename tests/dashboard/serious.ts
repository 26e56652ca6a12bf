import axe from 'axe-core'
import type { Visit } from './visit.ts'

/** What axe finds serious on the page as it is, light and dark. */
export async function seriousOn({ page }: Visit): Promise<string[]> {
  await page.evaluate(axe.source)
  const serious: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = (await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
    )) as axe.Result[]
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue
      const where = nodes.map(({ html }) => html.slice(0, 200)).join(' · ')
      serious.push(`${colorScheme}, ${id}: ${where}`)
    }
  }
  return serious
}
