import { TriangleAlert } from 'lucide-react'
import type { Webhook } from 'posthorn'
import type { ReactNode } from 'react'
import { Ago, Countdown } from '../ui/time.tsx'

/** Why nothing, or less, is sent to a webhook, and what ends that. */
export function HeldBack({ webhook }: { readonly webhook: Webhook }) {
  const { enabled, paused, circuit } = webhook
  if (!enabled) return <Disabled webhook={webhook} />
  if (paused)
    return (
      <Note title="Paused">
        Deliveries wait in its lane. The time does not count, and nothing is lost: resume it, and
        they are sent.
      </Note>
    )
  if (circuit.state === 'open')
    return (
      <Note title="Its circuit is open">
        {circuit.failures} failures in a row{circuit.reason && ` (${circuit.reason})`}
        {circuit.failingSince && (
          <>
            , the first <Ago time={circuit.failingSince} />
          </>
        )}
        . Deliveries wait.
        {circuit.nextProbeAt && (
          <>
            {' '}
            One is tried in <Countdown time={circuit.nextProbeAt} />; if it arrives, the rest
            follows.
          </>
        )}
      </Note>
    )
  if (circuit.state === 'half_open')
    return (
      <Note title="Being probed">One delivery is tried now; if it arrives, the rest follows.</Note>
    )
  return null
}

/** What happened to it, in order. */
function Disabled({ webhook }: { readonly webhook: Webhook }) {
  const { createdAt, updatedAt, disabledReason, circuit } = webhook
  return (
    <Note title="Disabled">
      <p>
        No new deliveries are made; the open ones became dead letters, which can be sent again once
        it is enabled again.
      </p>
      <ol className="mt-2 flex flex-col gap-1 border-warn/40 border-l pl-3">
        <li>
          Created <Ago time={createdAt} />
        </li>
        {circuit.failingSince && (
          <li>
            Failing since <Ago time={circuit.failingSince} />
            {circuit.failures && `: ${circuit.failures} in a row`}
            {circuit.reason && `, the last one ${circuit.reason}`}
          </li>
        )}
        <li>
          Disabled <Ago time={updatedAt} />
          {disabledReason && `: ${disabledReason}`}
        </li>
      </ol>
    </Note>
  )
}

function Note({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="panel flex gap-3 border-warn/40 bg-warn-soft p-3">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warn" />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <div>{children}</div>
      </div>
    </section>
  )
}
