// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… node redrive.mjs <id of a webhook>
import { Posthorn } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '' } = process.env
const posthorn = new Posthorn({ url, key })
const [webhook = ''] = process.argv.slice(2)

// Page by page, as they are asked for.
for await (const { event, reason, lastStatusCode } of posthorn.deadLetters.list({ webhook })) {
  console.log(event, reason, lastStatusCode ?? '–')
}

const task = await posthorn.deadLetters.redrive({ webhook, ratePerSecond: 100 })
for await (const { state, done, total } of posthorn.tasks.follow(task.id)) {
  console.log(state, done, 'of', total)
}
