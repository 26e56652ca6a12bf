import type { Page } from 'playwright-core'
import type { World } from '../dashboard/world.ts'

/** A page, and what is done there before its picture is taken. */
export interface Picture {
  readonly path: string
  readonly open?: (page: Page) => Promise<unknown>
}

const press =
  (...names: readonly (string | RegExp)[]) =>
  async (page: Page) => {
    for (const name of names) await page.getByRole('button', { name }).first().click()
  }

/** The dialogs, and the forms with all that is folded away, by the name of their pictures. */
export function openedOf({ billing, crm, dead }: World): Readonly<Record<string, Picture>> {
  const webhook = (open: NonNullable<Picture['open']>) => ({ path: `/webhooks/${crm.id}`, open })
  const settings = { path: `/webhooks/${billing.id}?tab=settings` }
  return {
    'new-webhook': { path: '/webhooks', open: press('New webhook') },
    'new-webhook-unfolded': {
      path: '/webhooks',
      open: async (page) => {
        await press('New webhook')(page)
        await unfold(page)
      },
    },
    'new-webhook-checked': { path: '/webhooks', open: checked },
    'new-webhook-refused': { path: '/webhooks', open: refused },
    'new-webhook-ready': { path: '/webhooks', open: ready },
    'edit-webhook': { ...settings, open: unfold },
    'edit-webhook-refused': {
      ...settings,
      open: async (page) => {
        await page.getByLabel('URL', { exact: true }).fill('ftp://nowhere')
        await press('Save')(page)
        await page.getByRole('alert').waitFor()
      },
    },
    'test-webhook': webhook(press('Test')),
    'more-actions': webhook(press('More actions')),
    replay: webhook(chooseAction('Replay…')),
    rotate: webhook(chooseAction('Rotate the secret…')),
    disable: webhook(chooseAction('Disable…')),
    delete: webhook(chooseAction('Delete…')),
    publish: { path: '/events', open: press('Publish an event') },
    redrive: { path: '/dead-letters', open: counted('Redrive…') },
    purge: { path: '/dead-letters', open: counted('Purge…') },
    'signature-checker': {
      path: `/deliveries/${dead}`,
      open: (page) => page.getByText('Signature checker').click(),
    },
    'new-key': { path: '/access', open: press('New key') },
    'new-key-ready': {
      path: '/access',
      open: async (page) => {
        await press('New key')(page)
        await page.getByLabel('Name').fill('shop')
        await press('Create')(page)
        await page.getByRole('button', { name: 'Done' }).waitFor()
      },
    },
    'delete-key': { path: '/access', open: press(/^Delete /) },
  }
}

const chooseAction = (name: string) => async (page: Page) => {
  await press('More actions')(page)
  await page.getByRole('menuitem', { name }).click()
}

const counted = (name: string) => async (page: Page) => {
  await press(name, 'Count first')(page)
  await page.getByText('It would be').waitFor()
}

async function unfold(page: Page): Promise<void> {
  for (const fold of await page.locator('details > summary').all()) await fold.click()
}

async function refused(page: Page): Promise<void> {
  await press('New webhook')(page)
  await page.getByLabel('URL', { exact: true }).fill('ftp://nowhere')
  await press(/^Create$/)(page)
  await page.getByRole('alert').waitFor()
}

async function checked(page: Page): Promise<void> {
  await press('New webhook')(page)
  await page.getByLabel('URL', { exact: true }).fill('http://127.0.0.1:9/')
  await press('Check the URL')(page)
  await page.getByRole('status').getByRole('img').first().waitFor()
}

async function ready(page: Page): Promise<void> {
  await press('New webhook')(page)
  await page.getByLabel('URL', { exact: true }).fill('https://shop.example.com/hooks/posthorn')
  await page.getByLabel('Name', { exact: true }).fill('Shop')
  await press(/^Create$/)(page)
  await page.getByRole('button', { name: 'Open it' }).waitFor()
}
