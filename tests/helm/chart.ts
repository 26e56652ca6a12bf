import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { nodeBinary, repositoryRoot } from '../harness/place.ts'
import type { Manifest } from './manifest.ts'
import { chartFolder, type Values } from './values.ts'

/** The release and the namespace that the tests render for. */
export const RELEASE = 'shop'
export const NAMESPACE = 'hooks'

/** `missing`: why this machine has none. */
export type Helm = { readonly command: string } | { readonly missing: string }

/** As `scripts/helm.mjs` finds it. */
export async function provideHelm(): Promise<Helm> {
  try {
    const { stdout } = await promisify(execFile)(nodeBinary, [`${repositoryRoot}/scripts/helm.mjs`])
    return { command: stdout.trim() }
  } catch (error) {
    return { missing: (error as { stderr?: string }).stderr?.trim() || String(error) }
  }
}

/** Manifests as `helm template` writes them. @throws what Helm says */
export function render(helm: string, values: Values): Manifest[] {
  const text = withValues(values, (file) =>
    runHelm(helm, ['template', RELEASE, chartFolder, '--namespace', NAMESPACE, '--values', file]),
  )
  return parseAllDocuments(text)
    .map((document) => {
      if ('errors' in document && document.errors[0]) throw document.errors[0]
      return document.toJS() as Manifest | null
    })
    .filter((manifest) => manifest !== null)
}

/** What `helm lint --strict` says; warnings fail. @throws what Helm says */
export const lint = (helm: string, values: Values): string =>
  withValues(values, (file) => runHelm(helm, ['lint', '--strict', chartFolder, '--values', file]))

function withValues<T>(values: Values, work: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-chart-'))
  try {
    // JSON is YAML.
    const file = join(folder, 'values.yaml')
    writeFileSync(file, JSON.stringify(values))
    return work(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runHelm(helm: string, args: readonly string[]): string {
  try {
    return execFileSync(helm, args, { encoding: 'utf8', stdio: 'pipe', timeout: 30_000 })
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & Record<string, string>
    throw new Error(`${stdout}${stderr}` || message)
  }
}
