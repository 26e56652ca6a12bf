import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Posthorn } from 'posthorn'
import { UsageError } from './usage-error.ts'
import { isHttpUrl } from './values.ts'

export interface ConnectOptions {
  readonly url?: string
  readonly key?: string
  /** How long a call tries while nobody answers. */
  readonly wait?: number
}

const SECOND_MS = 1_000
const WAIT_SECONDS = 10
const DEFAULT_URL = 'http://localhost:3000'

/**
 * A client by the options, else the environment, else what `npm start` left in `POSTHORN_HOME`, or in
 * `.posthorn/` of this folder or one above it.
 * @throws UsageError without a key, or for a URL that is none
 */
export function connect(options: ConnectOptions, env = process.env, folder = process.cwd()) {
  const local = env.POSTHORN_HOME ? instanceOf(env.POSTHORN_HOME) : localInstance(folder)
  const url = options.url ?? (env.POSTHORN_URL || local?.url || DEFAULT_URL)
  const key = options.key ?? (env.POSTHORN_KEY || local?.key)
  if (!key) {
    throw new UsageError('No API key. Set POSTHORN_KEY, or pass --key; `npm start` prints one.')
  }
  if (!isHttpUrl(url)) {
    throw new UsageError(
      `"${url}" is no URL of a Posthorn. --url or POSTHORN_URL names one, like ${DEFAULT_URL}.`,
    )
  }
  const deadlineMs = (options.wait ?? WAIT_SECONDS) * SECOND_MS
  return { url, key, client: new Posthorn({ url, key, deadlineMs }) }
}

interface Instance {
  readonly url?: string
  readonly key?: string
}

function localInstance(folder: string): Instance | undefined {
  const found = instanceOf(join(folder, '.posthorn'))
  const above = dirname(folder)
  return found || above === folder ? found : localInstance(above)
}

/** @param home where `npm start` keeps its data, key and address */
function instanceOf(home: string): Instance | undefined {
  const keys = readJson(join(home, 'keys.json'))
  if (!keys) return undefined
  const run = readJson(join(home, 'run.json'))
  return {
    ...(run?.url !== undefined && { url: run.url }),
    ...(keys.POSTHORN_ROOT_KEY !== undefined && { key: keys.POSTHORN_ROOT_KEY }),
  }
}

function readJson(file: string): Record<string, string> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
