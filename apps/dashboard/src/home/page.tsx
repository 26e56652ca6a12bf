import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { overallStats, type Stats } from '../api/stats.ts'
import { AttemptCharts } from '../chart/attempts.tsx'
import { FailureClasses } from '../deliveries/failure-classes.tsx'
import { useMay } from '../layout/session.tsx'
import { defined, oneOf } from '../list/search.ts'
import { TenantFilters } from '../list/tenant-filters.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { WINDOWS, WindowChoice } from '../ui/window.tsx'
import { CauseNote } from './cause.tsx'
import { FirstSteps } from './first-steps.tsx'
import { Now, Performance } from './now.tsx'

const route = getRouteApi('/shell/')

/** Is it healthy, what is wrong, why, and what do I press? */
export function HomePage() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/' })
  const { read } = useMay()
  const window = oneOf(WINDOWS, search.window) ?? '24h'
  const { data, error, refetch } = useQuery({
    ...overallStats(window, search.tenant),
    enabled: read,
  })
  return (
    <Page
      title="Home"
      actions={
        <>
          <TenantFilters
            tenant={search.tenant}
            onChange={(tenant) =>
              navigate({ search: defined({ ...search, tenant }), replace: true })
            }
            onClear={() => navigate({ search: defined({ window: search.window }) })}
          />
          <WindowChoice
            value={window}
            link={(value, look) => (
              <Link from="/" search={{ ...search, window: value }} {...look} />
            )}
          />
        </>
      }
    >
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!read && <p className="text-muted">This key publishes, and may not read.</p>}
      {read && !data && !error && <p className="text-muted">Reading…</p>}
      {data && !(isNew(data) && data.cause.severity === 'ok') && <CauseNote cause={data.cause} />}
      {data && (isNew(data) ? <FirstSteps tenant={search.tenant} /> : <Figures stats={data} />)}
    </Page>
  )
}

function Figures({ stats }: { readonly stats: Stats }) {
  return (
    <>
      <Now stats={stats} />
      <Performance stats={stats} />
      <AttemptCharts series={stats.series} beside={<FailureClasses failures={stats.failures} />} />
    </>
  )
}

/** Nothing was sent and nothing waits: whoever looks has just begun. */
function isNew({ attempts, now }: Stats): boolean {
  return attempts + now.pending + now.retrying + now.parked + now.deadLetters === 0
}
