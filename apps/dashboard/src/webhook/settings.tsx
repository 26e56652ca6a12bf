import { useMutation } from '@tanstack/react-query'
import type { Webhook } from 'posthorn'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { changeWebhook, webhookById, webhooksKey } from '../api/webhooks.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { tell } from '../ui/toasts.tsx'
import { WebhookFields } from '../webhooks/fields.tsx'
import { formOf } from '../webhooks/form.ts'
import { patchOf } from '../webhooks/form-input.ts'
import { Secrets } from './secrets.tsx'

export function Settings({ webhook }: { readonly webhook: Webhook }) {
  const { change } = useMay()
  return (
    <div className="grid max-w-5xl gap-6 lg:grid-cols-[3fr_2fr]">
      <Edit webhook={webhook} readOnly={!change} />
      {change && <Secrets id={webhook.id} />}
    </div>
  )
}

function Edit({ webhook, readOnly }: { readonly webhook: Webhook; readonly readOnly: boolean }) {
  const before = formOf(webhook)
  const [form, setForm] = useState(before)
  const save = useMutation({
    mutationFn: async () => changeWebhook(webhook.id, patchOf(form, before)),
    onSuccess: (changed) => {
      queries.setQueryData(webhookById(webhook.id).queryKey, changed)
      queries.invalidateQueries({ queryKey: [...webhooksKey, 'list'] })
      tell('Saved', 'It holds for every event published from now on.')
    },
  })
  const changed = JSON.stringify(form) !== JSON.stringify(before)
  return (
    <form
      className="panel p-4"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <fieldset disabled={readOnly}>
        <WebhookFields
          form={form}
          onChange={(part) => setForm({ ...form, ...part })}
          error={save.error}
          isNew={false}
          showTenant={false}
        />
      </fieldset>
      {save.error && (
        <div className="mt-4">
          <ProblemNote error={save.error} />
        </div>
      )}
      {!readOnly && (
        <div className="mt-4 flex justify-end gap-2">
          {changed && <Button onClick={() => setForm(before)}>Undo</Button>}
          <Button type="submit" look="primary" disabled={!changed} busy={save.isPending}>
            Save
          </Button>
        </div>
      )}
    </form>
  )
}
