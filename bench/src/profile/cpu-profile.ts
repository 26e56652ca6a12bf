import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What V8 writes, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  /** µs since the sample before. */
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: Frame
  readonly children?: readonly number[]
}

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A call stack as it was seen: innermost frame first. */
export interface Stack {
  readonly frames: readonly string[]
  readonly us: number
}

/** Of Node's own frames, below which a process loads its program. */
const START = / node:internal\/(?:main|modules|bootstrap)\//

/** Every stack in which the process was not idle and did not start, with its time. */
export function stacksOf(file: string): Stack[] {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((c) => [c, id])))
  const usById = new Map<number, number>()
  samples.forEach((id, i) => {
    usById.set(id, (usById.get(id) ?? 0) + (timeDeltas[i] ?? 0))
  })
  return [...usById].flatMap(([id, us]) => {
    const frames: string[] = []
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at)
      if (node) frames.push(nameOf(node.callFrame))
    }
    const isLeftOut = frames[0] === '(idle)' || frames.some((frame) => START.test(frame))
    return isLeftOut ? [] : [{ frames, us }]
  })
}

function nameOf({ functionName, url, lineNumber }: Frame): string {
  const name = functionName || '(anonymous)'
  if (url === '') return name
  const place = url
    .replace(/^file:\/\//, '')
    .replace(ROOT, '')
    .replace(/^.*node_modules\//, '')
  return `${name} ${place}:${lineNumber + 1}`
}
