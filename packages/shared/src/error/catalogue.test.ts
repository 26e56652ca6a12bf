import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PROBLEMS } from './catalogue.ts'

const docs = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')

it('every code stands in docs/errors.md with its status, and nothing else does', () => {
  const documented = [...docs.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  expect(documented).toEqual(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]))
})

it('a code is a permanent word, and every status is an error', () => {
  for (const [code, { status }] of Object.entries(PROBLEMS)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
  }
})
