import { useQuery } from '@tanstack/react-query'
import { operations } from '../api/stats.ts'
import { Page } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Circuits } from './circuits.tsx'
import { Queues } from './queues.tsx'
import { RedisSafety } from './redis.tsx'
import { Workers } from './workers.tsx'

export function OperationsPage() {
  const { data, error, refetch } = useQuery(operations)
  return (
    <Page title="Operations" about="Queues, workers, Redis and circuits, as they are now.">
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!data && !error && <p className="text-muted">Reading…</p>}
      {data && (
        <>
          <Workers workers={data.workers} />
          <Queues queues={data.queues} />
          <RedisSafety redis={data.redis} />
          <Circuits circuits={data.circuits} />
        </>
      )}
    </Page>
  )
}
