import { connect } from 'node:net'

/**
 * One command to a Redis on this machine, without any package (this runs before they are installed).
 * Understands what the commands used here answer: simple strings, integers, bulk strings, flat arrays.
 *
 * @param {number} port
 * @param {readonly string[]} command
 * @param {{ timeoutMs?: number }} [options]
 * @returns {Promise<string | string[]>}
 * @throws when nothing answers in time, or Redis answers with an error
 */
export function askRedis(port, command, { timeoutMs = 2_000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let reply = ''
    socket.setTimeout(timeoutMs, () => fail(new Error(`Redis on port ${port} did not answer`)))
    socket.setEncoding('utf8')
    socket.on('connect', () => {
      const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`)
      socket.write(`*${command.length}\r\n${parts.join('')}`)
    })
    socket.on('data', (text) => {
      reply += text
      const answer = parseReply(reply)
      if (answer === undefined) return
      socket.destroy()
      if (answer instanceof Error) reject(answer)
      else resolve(answer)
    })
    socket.on('error', fail)
    socket.on('close', () => fail(new Error(`Redis on port ${port} closed the connection`)))
    function fail(/** @type {Error} */ error) {
      socket.destroy()
      reject(error)
    }
  })
}

/** @returns {string | string[] | Error | undefined} undefined while it is incomplete */
function parseReply(/** @type {string} */ reply) {
  if (!reply.endsWith('\r\n')) return undefined
  const lines = reply.split('\r\n').slice(0, -1)
  const head = lines[0] ?? ''
  if (head.startsWith('-')) return new Error(head.slice(1))
  if (head.startsWith('+') || head.startsWith(':')) return head.slice(1)
  if (head === '$-1') return ''
  if (head.startsWith('$')) return lines.length > 1 ? lines.slice(1).join('\r\n') : undefined
  const count = Number(head.slice(1))
  return lines.length > count * 2
    ? lines.filter((_, index) => index > 0 && index % 2 === 0)
    : undefined
}
