import { readBody } from '../receive/read-body.ts'
import type { Receiver } from '../receive/receiver.ts'

/** For Hono on Node: `app.post('/hook', honoHandler(receiver))`. Anything with a `Request` will do. */
export function honoHandler(receiver: Receiver) {
  return async (context: { readonly req: { readonly raw: Request } }): Promise<Response> => {
    const request = context.req.raw
    const stream = (request.body ?? []) as AsyncIterable<Uint8Array>
    const body = await readBody(stream, receiver.maxBodyBytes)
    const {
      status,
      headers,
      body: text,
    } = body
      ? await receiver.receive(Object.fromEntries(request.headers), body)
      : receiver.tooLarge()
    return new Response(text || null, { status, headers })
  }
}
