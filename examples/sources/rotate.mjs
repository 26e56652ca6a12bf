// POSTHORN_URL=http://localhost:3000 POSTHORN_KEY=… node rotate.mjs src_… <new signing key>
import { Posthorn } from 'posthorn'

const { POSTHORN_URL: url = '', POSTHORN_KEY: key = '' } = process.env
const posthorn = new Posthorn({ url, key })
const [id = '', newSecret = ''] = process.argv.slice(2)

// Both are accepted from this answer on; *** stands for the one that there is.
const { secrets } = await posthorn.sources.update(id, { secrets: [newSecret, '***'] })
console.log(secrets.length, 'secrets are accepted')

// Once the sender has the new one: only the first stays.
// await posthorn.sources.update(id, { secrets: ['***'] })
