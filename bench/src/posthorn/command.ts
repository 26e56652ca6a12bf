import { readFileSync } from 'node:fs'

const ROOT = new URL('../../../', import.meta.url)

interface StartCommand {
  readonly flags: string[]
  readonly main: URL
  readonly env: Readonly<Record<string, string>>
}

/** How an operator starts a process: variables, the flags for Node and the program, from `package.json`. */
export function startCommand(script: 'start:api' | 'start:worker'): StartCommand {
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))
  const [before = '', after = ''] = String(scripts[script]).split(/\bnode /)
  const words = after.trim().split(/\s+/)
  const env = Object.fromEntries(
    [...before.matchAll(/(\w+)=\$\{\1:-(\w+)\}/g)].map(([, name, value]) => [name, value ?? '']),
  )
  return { flags: words.slice(0, -1), main: new URL(words.at(-1) ?? '', ROOT), env }
}
