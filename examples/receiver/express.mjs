import express from 'express'
import { expressHandler } from 'posthorn-receiver/express'
import { receiver } from './receiver.mjs'

export const app = express()
app.post('/hook', expressHandler(receiver)) // Before express.json(), which keeps no raw body.
app.use(express.json())
