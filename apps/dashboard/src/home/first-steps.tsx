import type { LinkProps } from '@tanstack/react-router'
import { Link } from '@tanstack/react-router'
import { useMay, useSession } from '../layout/session.tsx'
import { buttonLook } from '../ui/button.tsx'
import { TryIt } from './try-it.tsx'

const STEPS: readonly {
  title: string
  text: string
  to: NonNullable<LinkProps['to']>
  go: string
}[] = [
  {
    title: 'Create a webhook',
    text: 'A URL, and the event types it wants. You get the secret that its receiver verifies signatures with.',
    to: '/webhooks',
    go: 'To the webhooks',
  },
  {
    title: 'Publish an event',
    text: 'From here, or with one POST to /v1/events from your service. It fans out to every webhook that wants it.',
    to: '/events',
    go: 'To the events',
  },
  {
    title: 'Watch it arrive',
    text: 'Each attempt shows the moment it ends. What fails is tried again; what is given up becomes a dead letter.',
    to: '/live',
    go: 'To the live tail',
  },
]

/** For whoever has just begun: the next steps, instead of charts of nothing. */
export function FirstSteps({ tenant }: { readonly tenant: string | undefined }) {
  const { testReceiver } = useSession()
  const { change } = useMay()
  const offersTest = testReceiver && change
  return (
    <section aria-label="First steps">
      {offersTest && <TryIt tenant={tenant} />}
      <h2 className="mb-3 font-semibold text-base">
        {offersTest ? 'Or with a subscriber of yours' : 'Nothing has been sent yet'}
      </h2>
      <ol className="grid gap-4 md:grid-cols-3">
        {STEPS.map(({ title, text, to, go }, index) => (
          <li key={title} className="panel flex flex-col items-start gap-2 p-4">
            <h3 className="font-medium">
              {index + 1}. {title}
            </h3>
            <p className="flex-1 text-muted">{text}</p>
            <Link to={to} className={buttonLook(index === 0 && !offersTest ? 'primary' : 'plain')}>
              {go}
            </Link>
          </li>
        ))}
      </ol>
    </section>
  )
}
