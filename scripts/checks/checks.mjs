import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../launch/paths.mjs'

/**
 * One thing that CI runs beside the tests. `mend` is the command that repairs what it finds.
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {string} command a file of node_modules/.bin
 * @property {string[]} args
 * @property {string} [mend]
 */

const CHECKS = [
  {
    name: 'format and lint',
    command: 'biome',
    args: ['ci', '--error-on-warnings', ...(process.stdout.isTTY ? [] : ['--colors=off'])],
    mend: 'npm run fix',
  },
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types of the dashboard', command: 'tsc', args: ['-p', 'apps/dashboard/tsconfig.json'] },
  { name: 'boundaries', command: 'turbo', args: ['boundaries'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
]

/** Alone on the machine, as far as that goes: ratios to a baseline that is measured beside it. @type {Check} */
const SPEED = {
  name: 'speed beside the baseline',
  command: 'node',
  args: ['bench/src/main.ts', '--quick'],
}

/** @returns {Check[]} every check: the fixed ones, and one per generated or described document */
export function checks() {
  const docs = readdirSync(join(root, 'scripts'))
    .filter((file) => /^docs-[a-z-]+\.ts$/.test(file))
    .sort()
    .map((file) => ({
      name: file.replace('.ts', '').replace('-', ' '),
      command: 'node',
      args: [`scripts/${file}`, '--check'],
      mend: 'npm run docs',
    }))
  return [...CHECKS, ...docs, SPEED]
}
