// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… node import.mjs <file with a line of JSON for each event>
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Posthorn } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '' } = process.env
const posthorn = new Posthorn({ url, key })
const [file = ''] = process.argv.slice(2)

async function* events() {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    yield/** @type {import('posthorn').NewEvent} */ (JSON.parse(line))
  }
}

// Requests of up to 1,000 events, one after the other; the file is read as they are answered.
let taken = 0
for await (const result of posthorn.publishStream(events())) {
  if (result.ok) taken++
  else console.error(result.id, result.error.message)
}
console.log(taken, 'events will be delivered')
