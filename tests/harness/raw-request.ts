import { connect } from 'node:net'

const ANSWER_WITHIN_MS = 5_000

/**
 * Writes these bytes to a loopback port and returns what comes back, up to the end of the answer's
 * head or of the connection. With `hangUp` it closes as soon as everything is written.
 */
export async function rawExchange(
  port: number,
  chunks: readonly (string | Buffer)[],
  options: { readonly hangUp?: boolean } = {},
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
    if (answer.includes('\r\n\r\n')) socket.destroy()
  })
  socket.on('error', () => {})
  socket.on('close', () => resolve(answer))
  socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy())
  for (const chunk of chunks) socket.write(chunk)
  if (options.hangUp) socket.write('', () => socket.destroy())
  return await promise
}
