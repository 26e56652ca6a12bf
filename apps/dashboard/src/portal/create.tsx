import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { createWebhook, webhooksKey } from '../api/webhooks.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Created } from '../webhooks/create.tsx'
import { OwnFields } from './fields.tsx'
import { EMPTY_OWN_FORM, ownInputOf } from './form.ts'

export function CreateOwnWebhook({ onClose }: { readonly onClose: () => void }) {
  const [form, setForm] = useState(EMPTY_OWN_FORM)
  const create = useMutation({
    mutationFn: () => createWebhook(ownInputOf(form)),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksKey }),
  })
  if (create.data) return <Created webhook={create.data} onClose={onClose} />
  return (
    <Dialog open onClose={onClose} title="New webhook" wide>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <OwnFields
          form={form}
          onChange={(change) => setForm({ ...form, ...change })}
          error={create.error}
          isNew
        />
        {create.error && (
          <div className="mt-4">
            <ProblemNote error={create.error} />
          </div>
        )}
        <DialogActions>
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
