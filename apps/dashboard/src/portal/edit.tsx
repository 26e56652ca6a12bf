import { useMutation } from '@tanstack/react-query'
import type { Webhook } from 'posthorn'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { changeWebhook, webhookById, webhooksKey } from '../api/webhooks.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { tell } from '../ui/toasts.tsx'
import { OwnFields } from './fields.tsx'
import { ownFormOf, ownPatchOf } from './form.ts'

export function EditOwnWebhook({ webhook }: { readonly webhook: Webhook }) {
  const before = ownFormOf(webhook)
  const [form, setForm] = useState(before)
  const save = useMutation({
    mutationFn: () => changeWebhook(webhook.id, ownPatchOf(form)),
    onSuccess: (changed) => {
      queries.setQueryData(webhookById(webhook.id).queryKey, changed)
      queries.invalidateQueries({ queryKey: [...webhooksKey, 'list'] })
      tell('Saved', 'It holds for every event from now on.')
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
      <OwnFields
        form={form}
        onChange={(part) => setForm({ ...form, ...part })}
        error={save.error}
        isNew={false}
      />
      {save.error && (
        <div className="mt-4">
          <ProblemNote error={save.error} />
        </div>
      )}
      <div className="mt-4 flex justify-end gap-2">
        {changed && <Button onClick={() => setForm(before)}>Undo</Button>}
        <Button type="submit" look="primary" disabled={!changed} busy={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
