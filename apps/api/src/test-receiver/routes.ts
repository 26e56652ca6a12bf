import type { IncomingMessage } from 'node:http'
import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { receiverPath, receiveTestRoute, sendersOf, type TestReceiverDeps } from './receive.ts'
import { ANSWERS } from './received.ts'

const path = '/dev/receiver'
const common = { path, tag: 'Development', hidden: true } as const

/** A receiver of Posthorn's own, to try it out with; each tenant has one. */
export function testReceiverRoutes(deps: TestReceiverDeps): Route[] {
  return [receiveTestRoute(deps), look(deps), tell(deps)]
}

function look(deps: TestReceiverDeps): Route {
  return route({
    ...common,
    method: 'GET',
    summary: 'What the test receiver got',
    role: 'viewer',
    query: z.strictObject({ tenant: tenantSchema.optional() }),
    responses: {
      200: {
        description: 'Its URL, the webhooks that lead to it, what it answers and got, newest first',
      },
    },
    handle: async (context) => {
      const tenant = context.tenantOf(context.query.tenant)
      const webhooks = (await sendersOf(deps, tenant)).map(({ id }) => id)
      const answer = deps.memory.answerOf(tenant)
      const received = deps.memory.receivedBy(tenant)
      const url = urlFor(context.request, tenant)
      return { status: 200, body: { tenant, url, webhooks, answer, received } }
    },
  })
}

function tell({ memory }: TestReceiverDeps): Route {
  return route({
    ...common,
    method: 'PATCH',
    summary: 'Tell the test receiver how to answer',
    role: 'admin',
    body: z.strictObject({ tenant: tenantSchema.optional(), answer: z.enum(ANSWERS) }),
    responses: { 200: { description: 'It does so from now on' } },
    handle: async (context) => {
      const { answer } = context.body
      memory.tell(context.tenantOf(context.body.tenant), answer)
      return { status: 200, body: { answer } }
    },
  })
}

/** For workers of this machine, whatever name and proxy the page was opened by. */
const urlFor = ({ socket }: IncomingMessage, tenant: string) =>
  `http://127.0.0.1:${socket.localPort}${receiverPath(tenant)}`
