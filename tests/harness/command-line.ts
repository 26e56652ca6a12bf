import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeBinary, repositoryRoot } from './place.ts'
import type { Posthorn } from './posthorn.ts'

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

interface Call {
  readonly env?: Record<string, string>
  readonly input?: string
  readonly cwd?: string
}

/** `posthorn` as it is published: one file, which starts in a third of the time. */
export class CommandLine {
  /** Without a Posthorn of its own. */
  readonly folder: string
  readonly main: string
  readonly #posthorn: Posthorn

  private constructor(posthorn: Posthorn, folder: string) {
    this.#posthorn = posthorn
    this.folder = folder
    this.main = join(folder, 'package/bin/posthorn.js')
  }

  static async of(posthorn: Posthorn): Promise<CommandLine> {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-cli-'))
    const script = join(repositoryRoot, 'scripts/build-package.ts')
    const args = [script, 'packages/client', join(folder, 'package')]
    await promisify(execFile)(nodeBinary, args)
    return new CommandLine(posthorn, folder)
  }

  environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH ?? '',
      POSTHORN_URL: this.#posthorn.url,
      POSTHORN_KEY: this.#posthorn.key,
      NO_COLOR: '1',
      ...more,
    }
  }

  /** As a person calls it. */
  run(args: readonly string[], { env, input = '', cwd = this.folder }: Call = {}): Promise<Ended> {
    return new Promise((resolve) => {
      const options = { cwd, env: this.environment(env) }
      const child = execFile(nodeBinary, [this.main, ...args], options, (error, out, err) => {
        this.noteSecrets(out)
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
      })
      child.stdin?.end(input)
    })
  }

  /** What it has shown must stand in no log. */
  noteSecrets(text: string): void {
    for (const [secret] of text.matchAll(/whsec_[A-Za-z0-9+/=]+/g)) {
      this.#posthorn.secrets.add(secret)
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
