import { table } from '../report/table.ts'
import { type Stack, stacksOf } from './cpu-profile.ts'

/** A part of the time in which a process was not idle. */
export interface Share {
  readonly name: string
  readonly share: number
}

/** Where a process spent its time. */
export interface TimeSpent {
  readonly process: string
  /** By where the function that ran lives: a folder of ours, a library, a module of Node. */
  readonly areas: readonly Share[]
  readonly functions: readonly Share[]
  /** By our innermost function on the stack, with what the libraries did for it. */
  readonly onBehalfOf: readonly Share[]
}

const TOP_AREAS = 12
const TOP_FUNCTIONS = 15
const OURS = / (apps|packages)\//
const LIBRARY = / (?!node:|wasm:)[\w@.-]+\//

export function spent(process: string, file: string): TimeSpent {
  const stacks = stacksOf(file)
  const ran = ({ frames }: Stack) => frames[0] as string
  return {
    process,
    areas: shares(stacks, (stack) => areaOf(ran(stack)), TOP_AREAS),
    functions: shares(stacks, ran, TOP_FUNCTIONS),
    onBehalfOf: shares(
      stacks,
      ({ frames }) => frames.find((frame) => OURS.test(frame)) ?? outermost(frames),
      TOP_FUNCTIONS,
    ),
  }
}

/** Of a frame as `stacksOf` names it. Pure. */
export function areaOf(frame: string): string {
  const [, place] = / (\S+)$/.exec(frame) ?? []
  if (place === undefined || frame.startsWith('(garbage')) return frame
  const [, ours] = /^((?:apps|packages)\/[\w-]+\/src(?:\/[\w-]+(?=\/))?)/.exec(place) ?? []
  const [, ofNode] = /^(node:(?:internal\/)?\w+)/.exec(place) ?? []
  const [, library] = /^(@[^/]+\/[^/]+|[^/]+)\//.exec(place) ?? []
  return ours ?? ofNode ?? library ?? place
}

/** Without a function of ours: the library's that was called first, else Node's. */
const outermost = (frames: readonly string[]): string =>
  frames.findLast((frame) => LIBRARY.test(frame)) ??
  frames.findLast((frame) => frame !== '(root)') ??
  '(root)'

function shares(
  stacks: readonly Stack[],
  nameOf: (stack: Stack) => string,
  top: number,
): readonly Share[] {
  const usByName = new Map<string, number>()
  let allUs = 0
  for (const stack of stacks) {
    const name = nameOf(stack)
    usByName.set(name, (usByName.get(name) ?? 0) + stack.us)
    allUs += stack.us
  }
  return topOf(usByName, allUs, top)
}

export const topOf = (
  byName: ReadonlyMap<string, number>,
  all: number,
  top: number,
): readonly Share[] =>
  [...byName]
    .sort(([, a], [, b]) => b - a)
    .slice(0, top)
    .map(([name, value]) => ({ name, share: value / all }))

/** One process as a section. */
export function spentText({ process, areas, functions, onBehalfOf }: TimeSpent): string {
  const tables = Object.entries({
    [functions.length > 0 ? 'area that ran' : 'command']: areas,
    'function that ran': functions,
    'on behalf of': onBehalfOf,
  }).filter(([, all]) => all.length > 0)
  return [`### ${process}`, ...tables.map(([head, all]) => shareTable(head, all))].join('\n\n')
}

const shareTable = (head: string, all: readonly Share[]): string =>
  table(
    [head, '% of busy'],
    all.map(({ name, share }) => [name, (share * 100).toFixed(1)]),
  )
