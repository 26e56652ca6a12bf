import type { Socket } from 'node:net'
import { type ConnectAnswer, connectRequest, parseConnectAnswer } from './connect.ts'
import type { EgressProxy } from './proxy.ts'

/** `open`: whatever is written now goes to the receiver. */
export type TunnelEnd = 'open' | 'broken' | ConnectAnswer

/** Asks a proxy, over a connection to it, for a connection to an address. Calls back once. */
export function openTunnel(
  socket: Socket,
  proxy: EgressProxy,
  target: { readonly address: string; readonly port: number },
  callback: (end: TunnelEnd) => void,
): void {
  let received = Buffer.alloc(0)
  const finish = (end: TunnelEnd) => {
    socket.removeListener('readable', read)
    for (const event of ['error', 'end', 'close']) socket.removeListener(event, breakOff)
    callback(end)
  }
  const breakOff = () => finish('broken')
  const read = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      received = Buffer.concat([received, chunk as Buffer])
    }
    const answer = parseConnectAnswer(received)
    if (answer === undefined) return
    if (answer === 'garbage') finish('broken')
    else if (answer.statusCode < 200 || answer.statusCode > 299) finish(answer)
    else {
      if (answer.rest.length > 0) socket.unshift(answer.rest)
      finish('open')
    }
  }
  for (const event of ['error', 'end', 'close']) socket.once(event, breakOff)
  socket.on('readable', read)
  socket.write(connectRequest(proxy, target.address, target.port))
}
