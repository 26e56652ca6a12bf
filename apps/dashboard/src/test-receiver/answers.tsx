import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type ReceiverAnswer, tellReceiver } from '../api/test-receiver.ts'
import { useMay } from '../layout/session.tsx'
import { classes } from '../ui/classes.ts'
import { tellProblem } from '../ui/toasts.tsx'

const ANSWERS: readonly (readonly [ReceiverAnswer, string, string])[] = [
  ['succeed', 'Succeed', '200, at once'],
  ['fail', 'Fail', '500, at once'],
  ['slow', 'Be slow', '200, after 2 s'],
  ['hang', 'Hang', 'no answer'],
]

interface AnswersProps {
  readonly answer: ReceiverAnswer
  readonly tenant: string | undefined
}

export function Answers({ answer, tenant }: AnswersProps) {
  const { change } = useMay()
  // Chosen, until the receiver has been told.
  const [chosen, choose] = useState<ReceiverAnswer>()
  const tell = useMutation({
    mutationFn: (next: ReceiverAnswer) => tellReceiver(tenant, next),
    onError: tellProblem,
    onSettled: () => choose(undefined),
  })
  const shown = chosen ?? answer
  return (
    <fieldset disabled={!change}>
      <legend className="mb-2 font-medium">How it answers</legend>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {ANSWERS.map(([value, label, about]) => (
          <label
            key={value}
            className={classes(
              'flex cursor-pointer flex-col rounded-md border px-3 py-2 focus-within:outline-2 focus-within:outline-accent',
              shown === value ? 'border-accent bg-accent-soft' : 'border-strong hover:bg-hover',
            )}
          >
            <span className="flex items-center gap-2 font-medium">
              <input
                type="radio"
                name="answer"
                value={value}
                checked={shown === value}
                onChange={() => {
                  choose(value)
                  tell.mutate(value)
                }}
                className="accent-accent outline-none"
              />
              {label}
            </span>
            <span className={classes('text-xs', shown === value ? 'text-ink' : 'text-muted')}>
              {about}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
