import type { ProcessName, Variable } from './variable.ts'
import { type Variables, variables } from './variables.ts'

type ValueOf<V> = V extends Variable<infer Value, infer _> ? Value : never
type ReaderOf<V> = V extends Variable<infer _, infer Reader> ? Reader : never

/** The variables that a process reads, by their names in the code: times in ms, sizes in bytes. */
type ConfigOf<Process extends ProcessName> = {
  readonly [Key in keyof Variables as Process extends ReaderOf<Variables[Key]>
    ? Key
    : never]: ValueOf<Variables[Key]>
}

export type ApiConfig = ConfigOf<'api'>
export type WorkerConfig = ConfigOf<'worker'>

type Environment = Readonly<Record<string, string | undefined>>

/** The environment is wrong. The message has one line per problem, all of them, and no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    const lines = problems.map((problem) => `  - ${problem}`).join('\n')
    super(
      `The configuration is wrong:\n${lines}\nEvery variable is described in docs/configuration.md.`,
    )
    this.problems = problems
  }
}

/**
 * The API's configuration, frozen.
 * @throws ConfigError with every problem
 */
export function parseApiConfig(env: Environment): ApiConfig {
  return parse('api', env) as unknown as ApiConfig
}

/**
 * A worker's configuration, frozen.
 * @throws ConfigError with every problem
 */
export function parseWorkerConfig(env: Environment): WorkerConfig {
  return parse('worker', env) as unknown as WorkerConfig
}

/** For `main.ts`: what is wrong is printed for whoever starts the process, which then ends. */
export function configOrExit<Config>(parse: (env: Environment) => Config): Config {
  try {
    return parse(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

/** The variables that a process reads, in the order of the docs. */
export function variablesOf(process: ProcessName): [key: string, variable: Variable<unknown>][] {
  return Object.entries<Variable<unknown>>(variables).filter(([, variable]) =>
    variable.processes.includes(process),
  )
}

function parse(process: ProcessName, env: Environment): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [key, variable] of variablesOf(process)) {
    // Set to nothing counts as not set: that is what `VAR=` in an env file means to most people.
    const text = env[variable.name]?.trim() || variable.defaultText
    if (text === undefined) {
      if (variable.optional) values[key] = undefined
      else problems.push(`${variable.name} is required. ${firstSentence(variable.description)}`)
      continue
    }
    const result = variable.schema.safeParse(text)
    if (result.success) values[key] = freeze(result.data)
    else
      for (const issue of result.error.issues) problems.push(`${variable.name}: ${issue.message}`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(values)
}

function firstSentence(text: string): string {
  return text.replaceAll('`', '').split(/(?<=\.) /, 1)[0] ?? text
}

/** Buffers cannot be frozen; nothing writes to them. */
function freeze<Value>(value: Value): Value {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
    ? Object.freeze(value)
    : value
}

/** The configuration as it may be logged: secrets are stars, a URL keeps all but its password. */
export function redactedConfig(config: ApiConfig | WorkerConfig): Record<string, unknown> {
  const shown = Object.entries(config).map(([key, value]) => {
    const { secret } = variables[key as keyof Variables] as Variable<unknown>
    if (secret === 'url') return [key, withoutPassword(String(value))]
    return [key, secret && value !== undefined ? '***' : value]
  })
  return Object.fromEntries(shown)
}

function withoutPassword(url: string): string {
  return url.replaceAll(/(^|:\/\/|,)([^@/,:\s]*):(?!\/\/)[^,\s]*@/g, '$1$2:***@')
}
