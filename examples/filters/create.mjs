// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… node create.mjs https://example.com/large-orders
import { Posthorn } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '' } = process.env
const posthorn = new Posthorn({ url, key })
const [to = ''] = process.argv.slice(2)

const { id, filter } = await posthorn.webhooks.create({
  url: to,
  eventTypes: ['order.*'],
  filter: {
    status: ['paid', 'refunded'],
    total: { amount: { $gte: 10_000 }, currency: 'EUR' },
    customer: { email: { $not: { $endsWith: '@example.com' } } },
  },
})
console.log(id, 'gets what fits', JSON.stringify(filter))
