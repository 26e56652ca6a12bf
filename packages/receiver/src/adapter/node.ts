import type { IncomingMessage, ServerResponse } from 'node:http'
import { readBody } from '../receive/read-body.ts'
import type { Answer, Receiver } from '../receive/receiver.ts'

/** For `node:http`: answers every POST that it is given. */
export function nodeHandler(receiver: Receiver) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end()
      return
    }
    try {
      await receiveUnread(receiver, request, response)
    } catch (error) {
      // Of a callback of yours: the sender tries again.
      process.emitWarning(error as Error)
      response.writeHead(500).end()
    }
  }
}

/** Reads the request and answers it. */
export async function receiveUnread(
  receiver: Receiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body: Buffer | undefined
  try {
    // Without this a request that is left unread would be destroyed before its answer is written.
    body = await readBody(request.iterator({ destroyOnReturn: false }), receiver.maxBodyBytes)
  } catch {
    response.destroy() // Cut short: there is nobody left to answer.
    return
  }
  const answer = body ? await receiver.receive(request.headers, body) : receiver.tooLarge()
  send(response, answer, body === undefined)
}

/** `isUnread`: more of the request would follow, so the connection is of no more use. */
export function send(response: ServerResponse, answer: Answer, isUnread = false): void {
  const connection = isUnread ? { connection: 'close' } : {}
  response.writeHead(answer.status, { ...answer.headers, ...connection }).end(answer.body)
}
