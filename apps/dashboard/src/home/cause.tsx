import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Stats } from '../api/stats.ts'
import { classes } from '../ui/classes.ts'
import { Ago } from '../ui/time.tsx'

type Cause = Stats['cause']

const LOOKS = {
  ok: ['bg-good-soft', 'text-good', CircleCheck],
  notice: ['bg-accent-soft', 'text-accent', Info],
  warning: ['bg-warn-soft', 'text-warn', TriangleAlert],
  critical: ['bg-bad-soft', 'text-bad', CircleAlert],
} as const

/** One sentence on what is wrong and why. */
export function CauseNote({ cause }: { readonly cause: Cause }) {
  const { severity, sentence, webhook, since } = cause
  const [back, front, Icon] = LOOKS[severity]
  return (
    <section aria-label="What is wrong" className={classes('panel flex gap-3 p-4', back)}>
      <Icon aria-hidden="true" className={classes('mt-0.5 size-5 shrink-0', front)} />
      <div className="min-w-0">
        <p className="break-words font-medium text-base">{spoken(sentence)}</p>
        {since && (
          <p className="text-ink">
            <Ago time={since} /> ·{' '}
            {webhook ? (
              <Link to="/webhooks/$id" params={{ id: webhook }} className="text-ink underline">
                Look at the webhook
              </Link>
            ) : (
              <Link to="/webhooks" className="text-ink underline">
                Look at the webhooks
              </Link>
            )}
          </p>
        )}
      </div>
    </section>
  )
}

/** What stands between backticks is a name: an address, a setting. */
function spoken(sentence: string): ReactNode[] {
  return sentence.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={part} className="font-mono text-sm">
        {part}
      </code>
    ),
  )
}
