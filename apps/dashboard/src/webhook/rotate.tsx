import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { rotateSecret, webhooksKey } from '../api/webhooks.ts'
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
  const [signature, setSignature] = useState('')
  const rotate = useMutation({
    mutationFn: () =>
      rotateSecret(webhook.id, {
        overlapSeconds: Number(overlap),
        ...(signature ? { signature: signature as 'v1' | 'v1a' | 'logto' } : {}),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksKey }),
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rotate the secret"
      about="Until the overlap ends every attempt carries a signature by each secret, so the subscriber can change over without losing any."
    >
      {rotate.data ? (
        <div className="flex flex-col gap-3">
          <Secret label="The new secret" value={rotate.data.secret} />
          {rotate.data.publicKey && (
            <Secret label="Its public key, for the subscriber" value={rotate.data.publicKey} />
          )}
        </div>
      ) : (
        <div className="flex flex-col gap-3">
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
          <SelectField
            label="Signature"
            value={signature}
            onChange={(event) => setSignature(event.target.value)}
            hint="Another one is a cut: the old secret signs no more."
          >
            <option value="">as now</option>
            <option value="v1">Standard Webhooks: HMAC (v1)</option>
            <option value="v1a">Standard Webhooks: Ed25519 (v1a)</option>
            <option value="logto">as Logto does</option>
          </SelectField>
        </div>
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
