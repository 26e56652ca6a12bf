// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… node publish.mjs <id of an order>
import { Posthorn, PosthornNoAnswer, PosthornProblem } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '' } = process.env
const posthorn = new Posthorn({ url, key })
const [order = ''] = process.argv.slice(2)

try {
  // With an id of your own whoever repeats it, in whatever process, publishes it once.
  const { id, duplicate } = await posthorn.publish({
    id: `paid-${order}`,
    type: 'order.paid',
    data: { order, total: { amount: 4_200, currency: 'EUR' } },
  })
  console.log(id, duplicate ? 'had been published' : 'will be delivered')
} catch (error) {
  process.exitCode = 1
  if (error instanceof PosthornProblem) {
    // Refused, and will be again. `code` is permanent: docs/errors.md.
    console.error(error.code, error.errors)
  } else if (error instanceof PosthornNoAnswer) {
    // 30 s of tries: it may have been taken. Later, the same again.
    console.error('not known:', error.eventId, error.message)
  } else {
    throw error
  }
}
