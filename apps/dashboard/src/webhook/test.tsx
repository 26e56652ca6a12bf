import { useMutation } from '@tanstack/react-query'
import type { TestResult } from 'posthorn'
import { useState } from 'react'
import { testWebhook } from '../api/webhooks.ts'
import { outcomeMeans } from '../deliveries/status.tsx'
import { duration } from '../format/numbers.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Code } from '../ui/code.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { WebhookDialogProps } from './dialog-props.ts'

export function TestWebhook({ webhook, onClose }: WebhookDialogProps) {
  const [type, setType] = useState('posthorn.test')
  const [data, setData] = useState('{"message": "Hello from Posthorn"}')
  const test = useMutation({ mutationFn: () => testWebhook(webhook.id, type, JSON.parse(data)) })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Send a test"
      about="One attempt, now, signed as any other. It is neither recorded nor retried."
      wide
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          test.mutate()
        }}
      >
        <TextField
          label="Event type"
          value={type}
          onChange={(event) => setType(event.target.value)}
        />
        <TextArea
          label="Data, JSON"
          value={data}
          onChange={(event) => setData(event.target.value)}
        />
        {test.error && <ProblemNote error={test.error} />}
        {test.data && <Result result={test.data} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={test.isPending}>
            {test.isPending ? 'Sending…' : test.data ? 'Send again' : 'Send'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function Result({ result }: { readonly result: TestResult }) {
  const { outcome, statusCode, error, durationMs, body } = result
  return (
    <div role="status" className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={outcome === 'success' ? 'good' : 'bad'}>
          {statusCode ? `${statusCode} ` : ''}
          {outcome.replace('_', ' ')}
        </Badge>
        <span className="text-muted">
          {outcomeMeans(outcome)}, in {duration(durationMs)}
        </span>
      </p>
      {error && <p className="break-words text-bad">{error}</p>}
      {body && <Code label="Body of the answer" text={body} />}
    </div>
  )
}
