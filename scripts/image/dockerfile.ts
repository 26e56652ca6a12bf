/** One instruction of a Dockerfile, its continued lines joined. */
export interface Instruction {
  readonly name: string
  readonly text: string
}

export function parseDockerfile(source: string): Instruction[] {
  const lines = source
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [name = '', ...rest] = line.trim().split(/\s+/)
    return { name: name.toUpperCase(), text: rest.join(' ') }
  })
}

/** The JSON form of CMD and HEALTHCHECK … CMD. */
export function execForm(text: string): [command: string, ...args: string[]] {
  const json = text.slice(text.indexOf('['))
  return JSON.parse(json)
}
