import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { buildDashboard } from '../harness/chromium.ts'
import { repositoryRoot } from '../harness/place.ts'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
  readonly css?: readonly string[]
}

const dist = `${repositoryRoot}/apps/dashboard/dist`
const KB = 1_000
const LIMIT_KB = 250

beforeAll(buildDashboard, 120_000)

/** The files of these chunks and of all that they import at once. */
function filesOf(manifest: Readonly<Record<string, Chunk>>, names: readonly string[]): Set<string> {
  const files = new Set<string>()
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const chunk = manifest[name]
    if (!chunk) throw new Error(`${name} is not in the manifest`)
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    for (const imported of chunk.imports ?? []) visit(imported)
  }
  names.forEach(visit)
  return files
}

/** Every chunk that may ever be loaded from this one on. */
function reachable(manifest: Readonly<Record<string, Chunk>>, from: string): Set<string> {
  const seen = new Set<string>()
  const visit = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const { imports = [], dynamicImports = [] } = manifest[name] ?? { file: name }
    for (const next of [...imports, ...dynamicImports]) visit(next)
  }
  visit(from)
  return seen
}

const gzipped = (file: string) => gzipSync(readFileSync(`${dist}/${file}`)).length

test(`the first load, with the first page and its font, is at most ${LIMIT_KB} kB gzipped; charts come later`, () => {
  const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, 'utf8'))
  const files = [...filesOf(manifest, ['index.html', 'src/home/page.tsx'])]
  const font = Object.values(manifest as Record<string, Chunk>).find(({ file }) =>
    /inter-latin-wght/.test(file),
  )
  const sizes = [...files, font?.file ?? ''].map((file) => [file, gzipped(file) / KB] as const)
  const sum = sizes.reduce((total, [, size]) => total + size, 0)
  expect(files.filter((file) => file.endsWith('.js')).length).toBeGreaterThan(1)
  expect(files.filter((file) => /chart/.test(file))).toEqual([])
  expect(sum, JSON.stringify(sizes)).toBeLessThanOrEqual(LIMIT_KB)
})

test(`the portal's first load is at most ${LIMIT_KB} kB gzipped, and no page of an operator's can be loaded by it`, () => {
  const manifest: Record<string, Chunk> = JSON.parse(
    readFileSync(`${dist}/.vite/manifest.json`, 'utf8'),
  )
  const first = [...filesOf(manifest, ['portal.html', 'src/webhooks/page.tsx'])]
  const sum = first.reduce((total, file) => total + gzipped(file) / KB, 0)
  expect(sum).toBeLessThanOrEqual(LIMIT_KB)
  const later = [...reachable(manifest, 'portal.html')]
  expect(later).toContain('src/delivery/page.tsx')
  const operators =
    /^(index\.html|src\/(access|dead-letters|events?|home|live|operations|sign-in|tasks)\/page\.tsx)$/
  expect(later.filter((name) => operators.test(name))).toEqual([])
})

test.each(['index.html', 'portal.html'])(
  'nothing of %s is loaded from elsewhere, and no script or style stands in the page itself',
  (name) => {
    const html = readFileSync(`${dist}/${name}`, 'utf8')
    const references = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to)
    expect(references.length).toBeGreaterThan(2)
    expect(references.filter((to) => !to?.startsWith('/'))).toEqual([])
    expect(html).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son[a-z]+=|style="/)
  },
)
