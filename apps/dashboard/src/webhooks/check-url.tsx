import { useMutation } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { checkUrl } from '../api/webhooks.ts'
import { duration } from '../format/numbers.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { stagesOf, type UrlCheck } from './check-stages.ts'

interface CheckProps {
  readonly url: string
  readonly tenant: string
}

/** Whether the URL can be reached, before a webhook depends on it. No request is sent. */
export function CheckUrl({ url, tenant }: CheckProps) {
  const check = useMutation({
    mutationFn: (wanted: string) => checkUrl(wanted, tenant.trim() || undefined),
  })
  const wanted = url.trim()
  const isOfThis = check.variables === wanted
  return (
    <div className="flex flex-col gap-2">
      <div className="flex min-h-7 flex-wrap items-center gap-x-4 gap-y-1">
        <Button
          size="small"
          busy={check.isPending}
          disabled={wanted === ''}
          onClick={() => check.mutate(wanted)}
        >
          {check.isPending ? 'Checking…' : 'Check the URL'}
        </Button>
        {isOfThis && check.data ? (
          <Result result={check.data} />
        ) : (
          <span className="text-muted text-xs">DNS, connection and TLS; no request is sent.</span>
        )}
      </div>
      {isOfThis && check.error && <ProblemNote error={check.error} />}
    </div>
  )
}

function Result({ result }: { readonly result: UrlCheck }) {
  return (
    <div role="status" className="contents">
      {stagesOf(result).map(({ label, state, ms }) => {
        const Icon = state === 'passed' ? Check : X
        return (
          <span
            key={label}
            className={`inline-flex items-center gap-1 ${state === 'passed' ? 'text-good' : 'text-bad'}`}
          >
            <Icon role="img" aria-label={state} className="size-4" />
            {label} <span className="text-muted">{duration(ms)}</span>
          </span>
        )
      })}
      {result.error && <span className="w-full text-bad">{result.error}</span>}
    </div>
  )
}
