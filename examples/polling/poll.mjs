// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… node poll.mjs [since when, RFC 3339]
import { setTimeout as pause } from 'node:timers/promises'
import { Posthorn } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '', EVERY_MS = '5000' } = process.env
const posthorn = new Posthorn({ url, key })

/** Lists are up to a second behind, and not each event at the same pace: each look goes back further. */
const OVERLAP_MS = 10_000

/** In production: where your work is kept, with the event's id as its unique key. */
const seen = new Set()
let newestMs = Date.parse(process.argv[2] ?? new Date().toISOString())

for (;;) {
  const since = new Date(newestMs - OVERLAP_MS).toISOString()
  const fresh = []
  for await (const event of posthorn.events.list({ since })) {
    newestMs = Math.max(newestMs, Date.parse(event.createdAt))
    if (!seen.has(event.id)) fresh.push(event)
    seen.add(event.id)
  }
  // A list is newest first.
  for (const { id, type, data } of fresh.reverse()) console.log(id, type, JSON.stringify(data))
  await pause(Number(EVERY_MS))
}
