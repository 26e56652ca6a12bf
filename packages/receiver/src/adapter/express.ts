import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Receiver } from '../receive/receiver.ts'
import { receiveUnread, send } from './node.ts'

/**
 * For Express: `app.post('/hook', expressHandler(receiver))`. It reads the raw body itself, or takes
 * what `express.raw()` has read. After `express.json()` there is no raw body any more: mount it before.
 */
export function expressHandler(receiver: Receiver) {
  return (
    request: IncomingMessage & { body?: unknown },
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): void => {
    const isRead = request.readableEnded || Buffer.isBuffer(request.body)
    const work = isRead
      ? receiver
          .receive(request.headers, request.body as Buffer)
          .then((answer) => send(response, answer))
      : receiveUnread(receiver, request, response)
    work.catch(next)
  }
}
