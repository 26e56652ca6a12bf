import { useMutation } from '@tanstack/react-query'
import type { Task } from 'posthorn'
import { useState } from 'react'
import {
  commandDeadLetters,
  type DeadLetterAction,
  type DeadLetterFilter,
  deadLettersKey,
} from '../api/dead-letters.ts'
import { queries } from '../api/queries.ts'
import { tasksKey } from '../api/tasks.ts'
import { count, counted } from '../format/numbers.ts'
import { Progress } from '../tasks/progress.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

interface CommandProps {
  readonly action: DeadLetterAction
  readonly what: DeadLetterFilter | { readonly ids: string[] }
  readonly onClose: () => void
}

const ABOUT: Record<DeadLetterAction, string> = {
  redrive: 'They are sent again under the same ids, with their retry policies anew.',
  purge: 'They are given up: no redrive finds them any more. This cannot be undone.',
}

/** Redrive or purge: what is chosen, what the filters show, or all; counted before anything is done. */
export function Command({ action, what, onClose }: CommandProps) {
  const [rate, setRate] = useState('')
  const isAll = Object.keys(what).length === 0
  const body = {
    ...what,
    ...(isAll ? { all: true } : {}),
    ...(rate.trim() ? { ratePerSecond: Number(rate) } : {}),
  }
  const dry = useMutation({
    mutationFn: async () =>
      (await commandDeadLetters(action, { ...body, dryRun: true })) as { count: number },
  })
  const start = useMutation({
    mutationFn: async () => (await commandDeadLetters(action, body)) as Task,
    onSuccess: () => queries.invalidateQueries({ queryKey: tasksKey }),
  })
  const close = () => {
    if (start.data) queries.resetQueries({ queryKey: deadLettersKey })
    onClose()
  }
  const error = dry.error ?? start.error
  const verb = action === 'redrive' ? 'Redrive' : 'Purge'
  return (
    <Dialog open onClose={close} title={`${verb} ${scopeOf(what)}`} about={ABOUT[action]}>
      <div className="flex flex-col gap-3">
        {start.data ? (
          <Progress id={start.data.id} />
        ) : (
          <TextField
            label="At most, per second"
            inputMode="numeric"
            placeholder="no limit"
            hint={
              action === 'redrive'
                ? 'Keeps a receiver that was down from being flooded.'
                : undefined
            }
            value={rate}
            onChange={(event) => setRate(event.target.value)}
          />
        )}
        {dry.data && !start.data && (
          <p role="status">
            It would be <strong>{counted(dry.data.count, 'dead letter')}</strong>.
          </p>
        )}
        {error && <ProblemNote error={error} />}
      </div>
      <DialogActions>
        <Button onClick={close}>{start.data ? 'Close' : 'Back'}</Button>
        {!start.data && (
          <>
            <Button busy={dry.isPending} onClick={() => dry.mutate()}>
              {dry.data ? 'Count again' : 'Count first'}
            </Button>
            <Button
              look={action === 'purge' ? 'danger' : 'primary'}
              busy={start.isPending}
              onClick={() => start.mutate()}
            >
              {verb}
              {dry.data && ` ${count(dry.data.count)}`}
            </Button>
          </>
        )}
      </DialogActions>
    </Dialog>
  )
}

function scopeOf(what: CommandProps['what']): string {
  if ('ids' in what) return counted(what.ids.length, 'dead letter')
  return Object.keys(what).length === 0 ? 'all dead letters' : 'what the filters show'
}
