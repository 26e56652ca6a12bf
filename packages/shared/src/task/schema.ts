import { z } from 'zod'

export const TASK_KINDS = ['redrive', 'purge', 'replay', 'disable', 'delete'] as const
export const TASK_STATES = ['queued', 'running', 'done', 'cancelled', 'failed'] as const
export const REPLAY_SCOPES = ['failed', 'missing', 'all'] as const

export type TaskState = (typeof TASK_STATES)[number]
export type ReplayScope = (typeof REPLAY_SCOPES)[number]

export const taskIdSchema = z.string().regex(/^task_[0-9A-Z]{26}$/, 'Expected a task id')

const time = z.string().meta({ description: 'RFC 3339, UTC, milliseconds' })

export const taskSchema = z
  .strictObject({
    id: taskIdSchema,
    kind: z.enum(TASK_KINDS),
    state: z.enum(TASK_STATES),
    done: z.int().meta({ description: 'Deliveries handled' }),
    total: z.int().meta({ description: 'Deliveries to handle, as far as they are counted yet' }),
    failed: z.int().meta({ description: 'Deliveries that were gone before they were reached' }),
    tenant: z.string().optional().meta({ description: 'Absent for a task over all tenants' }),
    webhook: z.string().optional(),
    createdAt: time,
    endedAt: time.optional(),
    error: z.string().optional().meta({ description: 'Why a task has failed' }),
  })
  .meta({ id: 'Task' })

export type TaskView = z.output<typeof taskSchema>
