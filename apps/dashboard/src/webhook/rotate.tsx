import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { rotateSecret } from '../api/webhooks.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { SelectField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Secret } from '../ui/secret.tsx'
import type { WebhookDialogProps } from './dialog-props.ts'

const OVERLAPS = [
  ['0', 'ends at once'],
  ['3600', 'signs for 1 hour more'],
  ['86400', 'signs for 24 hours more'],
  ['604800', 'signs for 7 days more'],
] as const

export function RotateSecret({ webhook, onClose }: WebhookDialogProps) {
  const [overlap, setOverlap] = useState('86400')
  const rotate = useMutation({ mutationFn: () => rotateSecret(webhook.id, Number(overlap)) })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rotate the secret"
      about="Until the overlap ends every attempt carries a signature by each secret, so the subscriber can change over without losing any."
    >
      {rotate.data ? (
        <Secret label="The new secret" value={rotate.data.secret} />
      ) : (
        <SelectField
          label="The old secret"
          value={overlap}
          onChange={(event) => setOverlap(event.target.value)}
        >
          {OVERLAPS.map(([seconds, label]) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
      {rotate.error && <ProblemNote error={rotate.error} />}
      <DialogActions>
        <Button onClick={onClose}>{rotate.data ? 'Done' : 'Back'}</Button>
        {!rotate.data && (
          <Button look="primary" busy={rotate.isPending} onClick={() => rotate.mutate()}>
            Rotate
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}
