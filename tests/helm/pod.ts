import { execFile } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeBinary, repositoryRoot } from '../harness/place.ts'

/** As the chart's: user 1000 with no rights at all, and every file system mounted so that it cannot be written. */
const ENTER = `
  mount --rbind / "$0" && mount --make-rslave "$0" && mount -o remount,ro,bind "$0" || exit 1
  awk -v at="$0/" 'index($5, at) == 1 { print $5 }' /proc/self/mountinfo | while read -r each; do
    mount -o remount,ro,bind "$each" 2>/dev/null
  done
  exec chroot "$0" setpriv --reuid 1000 --regid 1000 --clear-groups --no-new-privs --bounding-set=-all "$@"
`

export interface Pod {
  /** What stands before a command so that it runs as in a pod. */
  readonly through: readonly string[]
  remove(): void
}

/** @returns why this machine can make none */
export async function makePod(): Promise<Pod | { missing: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-pod-'))
  const through = ['unshare', '--mount', 'sh', '-c', ENTER, folder]
  const remove = () => rmdirSync(folder)
  const [command = '', ...args] = through
  try {
    // Whether it may do that here, and may read what it is to run.
    const probe = `require('node:fs').readFileSync('${repositoryRoot}/apps/api/src/main.ts')`
    await promisify(execFile)(command, [...args, nodeBinary, '--eval', probe])
    return { through, remove }
  } catch (error) {
    remove()
    const { stderr = '', message } = error as Error & { stderr?: string }
    return { missing: `no pod can be made here: ${stderr.trim().split('\n')[0] || message}` }
  }
}
