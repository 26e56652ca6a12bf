import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { CreatedWebhook } from 'posthorn'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { createWebhook, webhooksKey } from '../api/webhooks.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Secret } from '../ui/secret.tsx'
import { WebhookFields } from './fields.tsx'
import { EMPTY_FORM } from './form.ts'
import { inputOf } from './form-input.ts'

interface CreateProps {
  readonly tenant: string | undefined
  readonly onClose: () => void
}

export function CreateWebhook({ tenant, onClose }: CreateProps) {
  const { chooseTenant } = useMay()
  const [form, setForm] = useState({ ...EMPTY_FORM, tenant: tenant ?? '' })
  const create = useMutation({
    mutationFn: async () => createWebhook(inputOf(form)),
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
        <WebhookFields
          form={form}
          onChange={(change) => setForm({ ...form, ...change })}
          error={create.error}
          isNew
          showTenant={chooseTenant}
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

/** Shows its secret. */
export function Created({
  webhook,
  onClose,
}: {
  readonly webhook: CreatedWebhook
  readonly onClose: () => void
}) {
  const navigate = useNavigate()
  return (
    <Dialog
      open
      onClose={onClose}
      title="The webhook is ready"
      about="Every event published from now on that it matches goes to it."
    >
      <Secret
        label="Its secret: the subscriber verifies signatures with it"
        value={webhook.secret}
      />
      {webhook.publicKey && (
        <Secret label="Its public key: with it alone nobody can sign" value={webhook.publicKey} />
      )}
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
        <Button
          look="primary"
          onClick={() => navigate({ to: '/webhooks/$id', params: { id: webhook.id } })}
        >
          Open it
        </Button>
      </DialogActions>
    </Dialog>
  )
}
