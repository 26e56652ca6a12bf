import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export interface ComposeService {
  readonly image?: string
  readonly command?: readonly string[]
  /** `null` passes the variable on from where Compose runs. */
  readonly environment?: Readonly<Record<string, string | null>>
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
}

/** docker-compose.yml as Compose reads it, its `<<` merged and nothing of the environment filled in. */
export function composeServices(): Readonly<Record<string, ComposeService>> {
  const file = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url))
  return parse(readFileSync(file, 'utf8'), { merge: true }).services
}
