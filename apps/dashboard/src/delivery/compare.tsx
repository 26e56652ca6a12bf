import { getRouteApi, Link } from '@tanstack/react-router'
import type { Attempt } from 'posthorn'
import { prettyJson } from '../format/exact-json.ts'
import { classes } from '../ui/classes.ts'
import { diffLines, type Line } from './diff.ts'

const route = getRouteApi('/shell/deliveries/$id')

interface CompareProps {
  readonly before: Attempt
  readonly after: Attempt
}

const LOOKS: Record<Line['kind'], readonly [look: string, sign: string]> = {
  same: ['text-muted', ' '],
  removed: ['bg-bad-soft text-bad', '−'],
  added: ['bg-good-soft text-good', '+'],
}

/** What two attempts of one delivery did differently. */
export function Compare({ before, after }: CompareProps) {
  const search = route.useSearch()
  return (
    <section aria-label="Comparison" className="panel flex flex-col gap-4 p-4">
      <div className="flex items-center justify-between gap-2">
        <h2 className="font-medium">
          Attempt {before.number} and attempt {after.number}
        </h2>
        <Link
          from="/deliveries/$id"
          search={search.attempt ? { attempt: search.attempt } : {}}
          replace
          className="text-accent"
        >
          Back to attempt {after.number}
        </Link>
      </div>
      <Part title="Outcome" of={summary} before={before} after={after} />
      <Part title="Request headers" of={sent} before={before} after={after} />
      <Part title="Response headers" of={received} before={before} after={after} />
      <Part title="Response body" of={body} before={before} after={after} />
    </section>
  )
}

function Part({
  title,
  of,
  before,
  after,
}: CompareProps & { readonly title: string; readonly of: (attempt: Attempt) => string }) {
  const lines = diffLines(of(before), of(after))
  return (
    <div>
      <h3 className="label mb-1">{title}</h3>
      {lines.every(({ kind }) => kind === 'same') ? (
        <p className="text-muted">The same</p>
      ) : (
        <pre className="whitespace-pre-wrap break-all rounded-md border border-line bg-canvas py-1.5 font-mono text-xs leading-5">
          {lines.map(({ kind, text }, index) => {
            const [look, sign] = LOOKS[kind]
            const hung = classes('pr-2.5 pl-6 -indent-3.5', look)
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name but their place
            return <div key={index} className={hung}>{`${sign} ${text}`}</div>
          })}
        </pre>
      )}
    </div>
  )
}

function summary({ outcome, statusCode, error, durationMs, trigger }: Attempt): string {
  const lines = { outcome, statusCode, error, durationMs, trigger }
  return Object.entries(lines)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function lines(headers: Attempt['requestHeaders']): string {
  return Object.entries(headers ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

const sent = ({ requestHeaders }: Attempt) => lines(requestHeaders)
const received = ({ responseHeaders }: Attempt) => lines(responseHeaders)
const body = ({ responseBody }: Attempt) => prettyJson(responseBody ?? '')
