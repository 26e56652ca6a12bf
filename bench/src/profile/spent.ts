import { table } from '../report/table.ts'
import { type Stack, stacksOf } from './cpu-profile.ts'

const TOP = 30
const OURS = / (apps|packages)\//
const LIBRARY = / (?!node:|wasm:)[\w@.-]+\//

/** Where a process spent its time, in shares of the time in which it was not idle. */
export function spent(file: string): string {
  const stacks = stacksOf(file)
  return [
    'By our innermost function on the stack, with what the libraries did for it:',
    shares(stacks, ({ frames }) => frames.find((frame) => OURS.test(frame)) ?? outermost(frames)),
    'By the function that ran:',
    shares(stacks, ({ frames }) => frames[0] as string),
  ].join('\n\n')
}

/** Without a function of ours: the library's that was called first, else Node's. */
const outermost = (frames: readonly string[]): string =>
  frames.findLast((frame) => LIBRARY.test(frame)) ??
  frames.findLast((frame) => frame !== '(root)') ??
  '(root)'

function shares(stacks: readonly Stack[], nameOf: (stack: Stack) => string): string {
  const usByName = new Map<string, number>()
  let allUs = 0
  for (const stack of stacks) {
    const name = nameOf(stack)
    usByName.set(name, (usByName.get(name) ?? 0) + stack.us)
    allUs += stack.us
  }
  const rows = [...usByName]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOP)
    .map(([name, us]) => [name, ((us / allUs) * 100).toFixed(1), (us / 1_000).toFixed(0)])
  return table(['function', '% of busy', 'ms'], rows)
}
