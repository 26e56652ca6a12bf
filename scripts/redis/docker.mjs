import { onPath, run } from '../launch/command.mjs'

/** Pinned to a minor: data written by a newer Redis is not readable by an older one. */
export const REDIS_IMAGE = 'redis:7.4-alpine'

/** Whether a Docker engine answers (a client alone is not enough) and has, or can pull, the image. */
export async function dockerWorks(/** @type {(line: string) => void} */ progress) {
  if (!onPath('docker')) return false
  const engine = await run('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: 10_000,
  })
  if (!engine.ok || engine.stdout.trim() === '') return false
  const present = await run('docker', ['image', 'inspect', REDIS_IMAGE])
  if (present.ok) return true
  progress(`Pulling ${REDIS_IMAGE}`)
  return (await run('docker', ['pull', REDIS_IMAGE], { timeoutMs: 300_000 })).ok
}

/**
 * The arguments which run Redis in a container as the same user, with the data folder of the host,
 * reachable from this machine only.
 *
 * @param {{ name: string, port: number, dir: string }} options
 */
export function dockerArgs({ name, port, dir }) {
  const user = process.getuid ? ['--user', `${process.getuid()}:${process.getgid?.()}`] : []
  const mounts = [
    '--publish',
    `127.0.0.1:${port}:${port}`,
    '--volume',
    `${dir}:${dir}`,
    '--workdir',
    dir,
  ]
  return ['run', '--rm', '--name', name, ...user, ...mounts, REDIS_IMAGE, 'redis-server']
}
