import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseDockerfile } from './dockerfile.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')

test('whatever the Dockerfile copies is let through by .dockerignore', () => {
  const letThrough = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
  const sources = parseDockerfile(read('Dockerfile'))
    .filter(({ name }) => name === 'COPY')
    .flatMap(({ text }) => text.split(' ').slice(0, -1))
  const blocked = sources.filter(
    (source) => !letThrough.some((path) => source === path || source.startsWith(`${path}/`)),
  )
  expect(sources.length).toBeGreaterThan(5)
  expect(blocked).toEqual([])
})
