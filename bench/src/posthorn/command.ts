import { readFileSync } from 'node:fs'

const ROOT = new URL('../../../', import.meta.url)

/** How an operator starts a process: the flags for Node and the program, from `package.json`. */
export function startCommand(script: 'start:api' | 'start:worker'): { flags: string[]; main: URL } {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))
  const [, after = ''] = String(scripts[script]).split(/\bnode /)
  const words = after.trim().split(/\s+/)
  return { flags: words.slice(0, -1), main: new URL(words.at(-1) ?? '', ROOT) }
}
