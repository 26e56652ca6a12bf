import { useMutation } from '@tanstack/react-query'
import type { Attempt, Delivery } from 'posthorn'
import { useState } from 'react'
import { eventById } from '../api/events.ts'
import { queries } from '../api/queries.ts'
import { readSecrets } from '../api/webhooks.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { bodyOf } from './body.ts'
import { checkSignature, type Finding } from './signature.ts'

const SAYS: Record<Finding, string> = {
  valid: 'The signature holds.',
  bad_header: 'The header holds no v1 signature: give it whole, as it was received.',
  bad_secret: 'The secret is not one: whsec_ and base64.',
  other_secret: 'Signed with the webhook’s secret, but the subscriber has another one.',
  reformatted_body:
    'The body is not what was sent byte for byte: it was parsed and written again. Verify the raw body, before any JSON parser.',
  other_timestamp:
    'Neither the secret nor the body explains it: the id or the timestamp is of another attempt, or the header was cut.',
}

interface CheckerProps {
  readonly delivery: Delivery
  readonly attempt: Attempt
}

/** For a subscriber who says that a signature does not hold: finds which part differs. */
export function SignatureChecker({ delivery, attempt }: CheckerProps) {
  const [timestamp, setTimestamp] = useState(attempt.requestHeaders?.['webhook-timestamp'] ?? '')
  const [signature, setSignature] = useState('')
  const [body, setBody] = useState('')
  const [secret, setSecret] = useState('')
  const check = useMutation({
    mutationFn: async () => {
      const [event, known] = await Promise.all([
        queries.ensureQueryData(eventById(delivery.event, delivery.tenant)),
        readSecrets(delivery.webhook),
      ])
      const sent = { body: bodyOf(event, event.dataText), secret: known.secret }
      const received = {
        id: event.id,
        timestamp: timestamp.trim(),
        signature,
        body: body || sent.body,
        secret: secret || known.secret,
      }
      return await checkSignature(received, sent)
    },
  })
  return (
    <details className="panel p-4">
      <summary className="cursor-pointer font-medium">Signature checker</summary>
      <form
        className="mt-3 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          check.mutate()
        }}
      >
        <p className="text-muted">
          What the subscriber received. What is left empty is taken as Posthorn sent it.
        </p>
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="webhook-timestamp"
            required
            value={timestamp}
            onChange={(event) => setTimestamp(event.target.value)}
          />
          <TextField
            label="Secret"
            type="password"
            autoComplete="off"
            placeholder="the webhook's"
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        </div>
        <TextField
          label="webhook-signature"
          required
          placeholder="v1,…"
          value={signature}
          onChange={(event) => setSignature(event.target.value)}
        />
        <TextArea
          label="Body"
          rows={3}
          placeholder="as sent"
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
        <div className="flex items-center gap-3">
          <Button type="submit" busy={check.isPending}>
            Check
          </Button>
          {check.data && (
            <p role="status" className="flex items-center gap-2">
              <Badge tone={check.data === 'valid' ? 'good' : 'bad'}>
                {check.data === 'valid' ? 'valid' : 'differs'}
              </Badge>
              {SAYS[check.data]}
            </p>
          )}
        </div>
        {check.error && <ProblemNote error={check.error} />}
      </form>
    </details>
  )
}
