import { useMutation } from '@tanstack/react-query'
import type { Task } from 'posthorn'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { tasksKey } from '../api/tasks.ts'
import { replayWebhook } from '../api/webhooks.ts'
import { count, counted } from '../format/numbers.ts'
import { Progress } from '../tasks/progress.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { WebhookDialogProps } from './dialog-props.ts'

const HOUR_MS = 3_600_000
type Only = 'failed' | 'missing' | 'all'

export function Replay({ webhook, onClose }: WebhookDialogProps) {
  const [only, setOnly] = useState<Only>('missing')
  const [hours, setHours] = useState('24')
  const [rate, setRate] = useState('')
  const body = () => ({
    only,
    since: new Date(Date.now() - Number(hours) * HOUR_MS).toISOString(),
    ...(rate.trim() ? { ratePerSecond: Number(rate) } : {}),
  })
  const dry = useMutation({
    mutationFn: async () => (await replayWebhook(webhook.id, { ...body(), dryRun: true })) as Count,
  })
  const replay = useMutation({
    mutationFn: async () => (await replayWebhook(webhook.id, body())) as Task,
    onSuccess: () => queries.invalidateQueries({ queryKey: tasksKey }),
  })
  const change = () => dry.reset()
  const error = dry.error ?? replay.error
  return (
    <Dialog
      open
      onClose={onClose}
      title="Replay"
      about="Sends again what this webhook got or missed. Deliveries under way are left alone."
    >
      {replay.data ? (
        <Progress id={replay.data.id} />
      ) : (
        <div className="grid gap-3 sm:grid-cols-2" onChange={change}>
          <SelectField
            label="What"
            className="sm:col-span-2"
            value={only}
            onChange={(event) => setOnly(event.target.value as Only)}
          >
            <option value="missing">events it matches and never had</option>
            <option value="failed">its dead deliveries</option>
            <option value="all">everything</option>
          </SelectField>
          <SelectField
            label="Of events from"
            value={hours}
            onChange={(event) => setHours(event.target.value)}
          >
            <option value="1">the last hour</option>
            <option value="24">the last 24 hours</option>
            <option value="72">the last 3 days</option>
          </SelectField>
          <TextField
            label="At most, per second"
            inputMode="numeric"
            placeholder="no limit"
            value={rate}
            onChange={(event) => setRate(event.target.value)}
          />
        </div>
      )}
      {error && <ProblemNote error={error} />}
      {dry.data && !replay.data && (
        <p role="status" className="mt-3">
          It would be <strong>{counted(dry.data.count, 'delivery', 'deliveries')}</strong>.
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>{replay.data ? 'Close' : 'Back'}</Button>
        {!replay.data && (
          <>
            <Button busy={dry.isPending} onClick={() => dry.mutate()}>
              {dry.data ? 'Count again' : 'Count first'}
            </Button>
            <Button look="primary" busy={replay.isPending} onClick={() => replay.mutate()}>
              Replay{dry.data && ` ${count(dry.data.count)}`}
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  )
}

interface Count {
  readonly count: number
}
