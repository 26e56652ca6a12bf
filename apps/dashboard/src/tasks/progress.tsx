import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { queries } from '../api/queries.ts'
import { cancelTask, isUnderWay, taskById } from '../api/tasks.ts'
import { count } from '../format/numbers.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { tellProblem } from '../ui/toasts.tsx'

/** A task as it goes on, and the way to stop it. */
export function Progress({ id }: { readonly id: string }) {
  const { change, operate } = useMay()
  const task = useQuery(taskById(id))
  const cancel = useMutation({
    mutationFn: () => cancelTask(id),
    onSuccess: (changed) => queries.setQueryData(taskById(id).queryKey, changed),
    onError: tellProblem,
  })
  if (task.error) return <ProblemNote error={task.error} />
  if (!task.data) return <p className="text-muted">Reading…</p>
  const { kind, state, done, total, failed } = task.data
  return (
    <div role="status" className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-3">
        <p>
          {operate ? (
            <Link to="/tasks" className="font-medium text-ink">
              {kind}
            </Link>
          ) : (
            kind
          )}
          : {state}, {count(done)} of {count(total)}
          {failed > 0 && `, ${count(failed)} were gone`}
        </p>
        {change && isUnderWay(task.data) && (
          <Button busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel the rest
          </Button>
        )}
      </div>
      <Bar task={task.data} />
    </div>
  )
}

export function Bar({
  task,
}: {
  readonly task: { readonly done: number; readonly total: number; readonly kind: string }
}) {
  return (
    <progress
      aria-label={`Progress of ${task.kind}`}
      max={Math.max(1, task.total)}
      value={task.total === 0 ? 1 : task.done}
      className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-idle-soft [&::-webkit-progress-bar]:bg-idle-soft [&::-webkit-progress-value]:bg-accent [&::-moz-progress-bar]:bg-accent"
    />
  )
}
