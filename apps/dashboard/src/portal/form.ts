import type { Webhook } from 'posthorn'
import type { NewWebhook, WebhookChange } from '../api/webhooks.ts'
import { EMPTY_FORM, formOf, inputOf, patchOf, type WebhookForm } from '../webhooks/form.ts'

// What of a webhook's form is its tenant's. The API refuses the rest, also where it would say nothing new.

const OWN = ['url', 'name', 'description', 'eventTypes', 'headers'] as const
export type OwnForm = Pick<WebhookForm, (typeof OWN)[number]>

export const EMPTY_OWN_FORM: OwnForm = ownOf(EMPTY_FORM)

export const ownFormOf = (webhook: Webhook): OwnForm => ownOf(formOf(webhook))

export const ownPatchOf = (form: OwnForm): WebhookChange =>
  ownOf(patchOf({ ...EMPTY_FORM, ...form }))

export const ownInputOf = (form: OwnForm): NewWebhook =>
  ownOf(inputOf({ ...EMPTY_FORM, ...form }) as NewWebhook & OwnForm) as NewWebhook

/** Those that are there. */
function ownOf<Whole extends { readonly [Name in keyof OwnForm]?: unknown }>(
  whole: Whole,
): Pick<Whole, keyof OwnForm> {
  const entries = OWN.filter((name) => name in whole).map((name) => [name, whole[name]])
  return Object.fromEntries(entries) as Pick<Whole, keyof OwnForm>
}
