import { useMutation } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { ListChecks } from 'lucide-react'
import type { Task } from 'posthorn'
import { queries } from '../api/queries.ts'
import { cancelTask, isUnderWay, taskList, tasksKey } from '../api/tasks.ts'
import { count } from '../format/numbers.ts'
import { useMay } from '../layout/session.tsx'
import type { Column } from '../list/column.ts'
import { Endless } from '../list/endless.tsx'
import { defined } from '../list/search.ts'
import { TenantFilters } from '../list/tenant-filters.tsx'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { tell, tellProblem } from '../ui/toasts.tsx'
import { WebhookName } from '../webhooks/name.tsx'
import { Bar } from './progress.tsx'

const route = getRouteApi('/shell/tasks')

const TONES: Record<Task['state'], Tone> = {
  queued: 'idle',
  running: 'accent',
  done: 'good',
  cancelled: 'idle',
  failed: 'bad',
}

const COLUMNS: readonly Column<Task>[] = [
  {
    head: 'Task',
    width: 'minmax(0, 2.4fr)',
    cell: ({ id, kind, done, total }) => (
      <>
        <span className="font-medium">{kind}</span>
        <span className="ml-2 hidden text-muted max-[700px]:inline">
          {count(done)} / {count(total)}
        </span>
        <span className="ml-2 hidden font-mono text-muted text-xs lg:inline">{id}</span>
      </>
    ),
  },
  {
    head: 'Of',
    width: 'minmax(0, 1fr)',
    wideOnly: true,
    cell: ({ webhook, tenant }) => (
      <span className="text-muted">
        {webhook ? <WebhookName id={webhook} /> : (tenant ?? 'all tenants')}
      </span>
    ),
  },
  {
    head: 'State',
    width: '98px',
    cell: ({ state, error }) => (
      <Badge tone={TONES[state]} title={error}>
        {state}
      </Badge>
    ),
  },
  { head: 'Progress', width: '120px', wideOnly: true, cell: (task) => <Bar task={task} /> },
  {
    head: 'Handled',
    width: '110px',
    align: 'end',
    wideOnly: true,
    cell: ({ done, total, failed }) => (
      <span title={failed > 0 ? `${count(failed)} were gone before they were reached` : undefined}>
        {count(done)} / {count(total)}
      </span>
    ),
  },
  {
    head: 'Started',
    width: '88px',
    align: 'end',
    wideOnly: true,
    cell: ({ createdAt }) => (
      <span className="text-muted">
        <Ago time={createdAt} />
      </span>
    ),
  },
  { head: '', width: '68px', align: 'end', cell: (task) => <Cancel task={task} /> },
]

export function TasksPage() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/tasks' })
  return (
    <Page title="Tasks" about="Long work: redrives, replays, purges, and what disabling starts.">
      <TenantFilters
        tenant={search.tenant}
        onChange={(tenant) => navigate({ search: defined({ tenant }), replace: true })}
        onClear={() => navigate({ search: {} })}
      />
      <Endless
        label="Tasks"
        query={taskList(search)}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty={
          <Empty icon={ListChecks} title="No tasks yet">
            Redriving dead letters, replaying a webhook, disabling or deleting one start a task. It
            goes on when you leave the page, and over restarts.
          </Empty>
        }
      />
    </Page>
  )
}

function Cancel({ task }: { readonly task: Task }) {
  const { change } = useMay()
  const cancel = useMutation({
    mutationFn: () => cancelTask(task.id),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: tasksKey })
      tell('Cancelled', 'What it had done stays done.')
    },
    onError: tellProblem,
  })
  if (!change || !isUnderWay(task)) return null
  return (
    <Button
      look="quiet"
      size="small"
      aria-label={`Cancel ${task.kind} ${task.id}`}
      busy={cancel.isPending}
      onClick={() => cancel.mutate()}
    >
      Cancel
    </Button>
  )
}
