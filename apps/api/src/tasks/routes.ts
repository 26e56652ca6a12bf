import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { taskIdSchema, taskSchema } from '@posthorn/shared/task/schema.ts'
import type { TaskStore } from '@posthorn/shared/task/store.ts'
import { type Task, taskView } from '@posthorn/shared/task/task.ts'
import { z } from 'zod'
import type { CursorCodec } from '../http/cursor.ts'
import { listParameters, listSchema, pageBy } from '../http/list.ts'
import { NO_BODY, type Route, type RouteContext, route } from '../http/route.ts'
import { seesTask } from '../portal/own.ts'

interface TasksDeps {
  readonly store: Pick<TaskStore, 'get' | 'list' | 'cancel'>
  readonly cursors: CursorCodec
}

const tag = 'Tasks'
const params = z.strictObject({ id: taskIdSchema })

export function taskRoutes(deps: TasksDeps): Route[] {
  return [list(deps), read(deps), cancel(deps)]
}

function list({ store, cursors }: TasksDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/tasks',
    summary: 'List tasks',
    tag,
    role: 'viewer',
    query: z.strictObject({ ...listParameters, tenant: tenantSchema.optional() }),
    responses: { 200: { description: 'Newest first', schema: listSchema(taskSchema) } },
    handle: async (context) => {
      const tenant = context.tenantFilter(context.query.tenant)
      return await pageBy(
        { ...context.query, scope: `tasks ${tenant ?? ''}`, cursors },
        (page) => store.list({ ...page, tenant }),
        taskView,
      )
    },
  })
}

function read({ store }: TasksDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/tasks/:id',
    summary: 'Read how far a task is',
    tag,
    role: 'viewer',
    portal: true,
    params,
    responses: { 200: { description: 'The task', schema: taskSchema } },
    handle: async (context) => ({ status: 200, body: taskView(await named(store, context)) }),
  })
}

function cancel({ store }: TasksDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/tasks/:id/cancel',
    summary: 'Cancel a task',
    description:
      'It stops after the deliveries that it is just handling; what was done stays done.',
    tag,
    role: 'admin',
    portal: true,
    params,
    ...NO_BODY,
    problems: ['task_finished'],
    responses: { 200: { description: 'It is cancelled', schema: taskSchema } },
    handle: async (context) => {
      const { id } = await named(store, context)
      if (!(await store.cancel(id))) throw new ProblemError('task_finished')
      return { status: 200, body: taskView(await named(store, context)) }
    },
  })
}

/** Throws 404 for none and for one of another tenant, or of all tenants, that the key does not see. */
async function named(
  store: Pick<TaskStore, 'get'>,
  {
    params: { id },
    sees,
    principal,
  }: Pick<RouteContext<{ id: string }>, 'params' | 'sees' | 'principal'>,
): Promise<Task> {
  const task = await store.get(id)
  const isShown = task && sees(task.spec.tenant) && seesTask(principal, task.spec)
  if (!isShown) throw new ProblemError('not_found')
  return task
}
