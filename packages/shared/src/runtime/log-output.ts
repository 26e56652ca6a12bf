import type { Writable } from 'node:stream'
import { type DestinationStream, destination } from 'pino'
import { TurnOutput } from './turn-output.ts'

const STDOUT = 1

/** JSON lines on stdout, each written before the call returns or, if it can wait, before its turn ends. */
export const jsonOutput = (): DestinationStream =>
  new TurnOutput(destination({ dest: STDOUT, sync: true }))

/**
 * Where a process' log goes. A person at a terminal reads lines made for people; whatever reads a pipe, a
 * file or a container's output gets JSON, and then the library for the other is not loaded.
 *
 * @param isWatched stdout is a terminal
 * @param terminal for tests
 */
export async function logOutput(
  isWatched: boolean,
  terminal?: Writable,
): Promise<DestinationStream> {
  if (!isWatched) return jsonOutput()
  const { default: pretty } = await import('pino-pretty')
  return pretty({
    sync: true,
    destination: terminal ?? STDOUT,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid',
  })
}
