import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { rotateSecret, webhooksKey } from '../api/webhooks.ts'
import { oneOf } from '../list/search.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { SelectField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Secret } from '../ui/secret.tsx'
import { SIGNATURES, signatureOptions } from '../webhooks/signatures.tsx'
import type { WebhookDialogProps } from './dialog-props.ts'

const OVERLAPS = [
  ['0', 'ends at once'],
  ['3600', 'signs for 1 hour more'],
  ['86400', 'signs for 24 hours more'],
  ['604800', 'signs for 7 days more'],
] as const

interface Wanted {
  readonly overlap: string
  /** Empty: the one that it has. */
  readonly signature: string
}

function inputOf({ overlap, signature }: Wanted) {
  const scheme = oneOf(SIGNATURES, signature)
  return { overlapSeconds: Number(overlap), ...(scheme && { signature: scheme }) }
}

export function RotateSecret({ webhook, onClose }: WebhookDialogProps) {
  const [wanted, want] = useState<Wanted>({ overlap: '86400', signature: '' })
  const rotate = useMutation({
    mutationFn: () => rotateSecret(webhook.id, inputOf(wanted)),
    onSuccess: () => queries.invalidateQueries({ queryKey: webhooksKey }),
  })
  const { data } = rotate
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rotate the secret"
      about="Until the overlap ends every attempt carries a signature by each secret, so the subscriber can change over without losing any."
    >
      <div className="flex flex-col gap-3">
        {!data && <Choices wanted={wanted} onChange={(change) => want({ ...wanted, ...change })} />}
        {data && <Secret label="The new secret" value={data.secret} />}
        {data?.publicKey && (
          <Secret label="Its public key, for the subscriber" value={data.publicKey} />
        )}
      </div>
      {rotate.error && <ProblemNote error={rotate.error} />}
      <DialogActions>
        <Button onClick={onClose}>{data ? 'Done' : 'Back'}</Button>
        {!data && (
          <Button look="primary" busy={rotate.isPending} onClick={() => rotate.mutate()}>
            Rotate
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}

interface ChoicesProps {
  readonly wanted: Wanted
  readonly onChange: (change: Partial<Wanted>) => void
}

function Choices({ wanted, onChange }: ChoicesProps) {
  return (
    <>
      <SelectField
        label="The old secret"
        value={wanted.overlap}
        onChange={({ target }) => onChange({ overlap: target.value })}
      >
        {OVERLAPS.map(([seconds, label]) => (
          <option key={seconds} value={seconds}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Signature"
        value={wanted.signature}
        onChange={({ target }) => onChange({ signature: target.value })}
        hint="With another one the old secret stops signing at once."
      >
        <option value="">as now</option>
        {signatureOptions}
      </SelectField>
    </>
  )
}
