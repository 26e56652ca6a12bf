// PORT=2525 node smtp.mjs
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** A mail server for your own machine: it prints what it is given, and delivers nothing. */
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  async onData(stream, { envelope }, taken) {
    console.log('mail to', envelope.rcptTo.map(({ address }) => address).join(', '))
    console.log(await text(stream))
    taken()
  },
})
server.listen(Number(process.env.PORT ?? 2525), '127.0.0.1', () => {
  console.log('listening on', server.server.address())
})
process.once('SIGTERM', () => server.close())
