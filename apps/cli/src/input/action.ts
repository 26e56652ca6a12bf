import type { Command } from 'commander'
import type { Posthorn } from 'posthorn'
import { type Output, outputOf } from '../output/output.ts'
import { type ConnectOptions, connect } from './connect.ts'

interface GlobalOptions extends ConnectOptions {
  readonly tenant?: string
  readonly json?: boolean
}

/** What a command works with. */
export interface Context<Options> {
  readonly client: Posthorn
  readonly url: string
  readonly output: Output
  /** Only when it was given: `{...tenant}` goes into filters and inputs. */
  readonly tenant: { readonly tenant?: string }
  readonly options: Options
}

/** Gives a command's action its connection and its output. Arguments come as commander has parsed them. */
export function action<Options, Args extends readonly unknown[]>(
  run: (context: Context<Options>, ...args: Args) => Promise<void>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command
    const { url, key, wait, tenant, json, ...options } = command.optsWithGlobals<GlobalOptions>()
    const named = {
      ...(url !== undefined && { url }),
      ...(key !== undefined && { key }),
      ...(wait !== undefined && { wait }),
    }
    let connection: ReturnType<typeof connect> | undefined
    const connected = () => {
      connection ??= connect(named)
      return connection
    }
    const context: Context<Options> = {
      // When it is asked for: what needs no server needs no key.
      get client() {
        return connected().client
      },
      get url() {
        return connected().url
      },
      output: outputOf(json === true),
      tenant: tenant === undefined ? {} : { tenant },
      options: options as Options,
    }
    await run(context, ...(given.slice(0, -2) as unknown as Args))
  }
}
