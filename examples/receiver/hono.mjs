import { Hono } from 'hono'
import { honoHandler } from 'posthorn-receiver/hono'
import { receiver } from './receiver.mjs'

export const app = new Hono()
app.post('/hook', honoHandler(receiver))
