import { ChevronRight } from 'lucide-react'
import type { ReceivedRequest } from '../api/test-receiver.ts'
import { Badge } from '../ui/badge.tsx'
import { Code } from '../ui/code.tsx'
import { Ago } from '../ui/time.tsx'

const SHOWN = 20

/** The subscriber's side: each request as it came in. */
export function ReceivedList({ received }: { readonly received: readonly ReceivedRequest[] }) {
  return (
    <section aria-label="What it received" className="panel min-w-0 p-4">
      <h2 className="mb-2 font-medium">What it received</h2>
      {received.length === 0 && (
        <p className="text-muted">Nothing since the API was started. It is kept in memory only.</p>
      )}
      <ul className="divide-y divide-line">
        {received.slice(0, SHOWN).map((request) => (
          <li key={`${request.at} ${request.headers['posthorn-delivery-id']}`} className="py-2">
            <Request request={request} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Request({ request }: { readonly request: ReceivedRequest }) {
  const { at, fault, answered, headers, body } = request
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return (
    <details className="group">
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-3 gap-y-1">
        <ChevronRight
          aria-hidden="true"
          className="-mr-1.5 -ml-1 size-4 shrink-0 text-muted group-open:rotate-90"
        />
        <span className="font-medium">{headers['posthorn-event-type'] ?? 'a request'}</span>
        <span className="text-muted">
          attempt {headers['posthorn-attempt'] ?? '?'}, <Ago time={at} />
        </span>
        <span className="flex gap-2 md:ml-auto">
          <Badge tone={fault ? 'bad' : 'good'}>
            {fault ? `signature ${fault.replace('_', ' ')}` : 'signature fits'}
          </Badge>
          <Badge tone={answered === null ? 'warn' : answered < 300 ? 'good' : 'bad'}>
            {answered === null ? 'not answered' : `answered ${answered}`}
          </Badge>
        </span>
      </summary>
      <div className="mt-2 flex flex-col gap-2">
        <Code label="Headers of the request" text={lines.join('\n')} />
        <Code label="Body of the request" text={body} />
      </div>
    </details>
  )
}
