import fastify from 'fastify'
import { fastifyReceiver } from 'posthorn-receiver/fastify'
import { receiver } from './receiver.mjs'

export const app = fastify()
app.register(fastifyReceiver(receiver, '/hook')) // The rest of the application parses as before.
