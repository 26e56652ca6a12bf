import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Answer, Receiver } from '../receive/receiver.ts'

/**
 * For fastify: `app.register(fastifyReceiver(receiver, '/hook'))`. In its own context bodies of every
 * media type stay raw; the rest of the application parses as before.
 */
export function fastifyReceiver(receiver: Receiver, path: string) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body)
    })
    const send = (reply: FastifyReply, { status, headers, body }: Answer) =>
      reply.code(status).headers(headers).send(body)
    app.setErrorHandler((error: { code?: string }, _request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error
      return send(reply, receiver.tooLarge())
    })
    const handle = async ({ headers, body }: FastifyRequest, reply: FastifyReply) =>
      send(reply, await receiver.receive(headers, (body as Buffer | undefined) ?? NO_BODY))
    app.post(path, { bodyLimit: receiver.maxBodyBytes }, handle)
  }
}

const NO_BODY = Buffer.alloc(0)
