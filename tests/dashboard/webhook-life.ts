import type { Visit } from './visit.ts'

/**
 * On the page of webhooks: one is created after a URL that is none was refused, tested, paused, resumed, and
 * named anew. `fill`: what else is typed into the form.
 */
export async function liveThrough(
  here: Visit,
  url: string,
  fill: () => Promise<void>,
): Promise<void> {
  const { page } = here
  await page.getByRole('button', { name: 'New webhook' }).click()
  await page.getByLabel('URL').fill('ftp://nowhere')
  await fill()
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('URL').fill(url)
  await page.getByLabel('Event types').fill('order.*')
  await page.getByLabel('Name').fill('Orders')
  await page.getByRole('button', { name: 'Create' }).click()
  await here.see(/whsec_/)
  await page.getByRole('button', { name: 'Open it' }).click()
  await page.getByRole('heading', { name: 'Orders' }).waitFor()
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await here.see('200 success')
  await here.press('Escape')
  await page.getByRole('button', { name: 'Pause' }).click()
  await here.see('Deliveries wait in its lane.')
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByLabel('Name').fill('All orders')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { name: 'All orders' }).waitFor()
}
