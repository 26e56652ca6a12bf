import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findHelm } from './find.mjs'

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-helm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function program(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, name), 0o755)
}

test('without Helm and without Go it says that both are missing', async () => {
  const folder = emptyFolder()
  expect(await findHelm({ folder, env: { PATH: folder } })).toEqual({
    missing: 'neither helm nor go, from which it could be built, is on PATH',
  })
})

test('a Helm on PATH is used as it is', async () => {
  const folder = emptyFolder()
  program(folder, 'helm', 'exit 0')
  expect(await findHelm({ folder, env: { PATH: folder } })).toEqual({
    command: join(folder, 'helm'),
  })
})

test('a Go is not put to work unless that is asked for', async () => {
  const folder = emptyFolder()
  program(folder, 'go', 'exit 0')
  expect(await findHelm({ folder, env: { PATH: `${folder}:/usr/bin:/bin` } })).toMatchObject({
    missing: expect.stringContaining('npm run helm'),
  })
})

test('a Go that cannot build it is told with what Go said last', async () => {
  const folder = emptyFolder()
  program(folder, 'go', 'echo first >&2; echo "no such host" >&2; exit 1')
  const env = { PATH: `${folder}:/usr/bin:/bin` }
  expect(await findHelm({ folder, build: true, env })).toMatchObject({
    missing: expect.stringMatching(/no such host$/),
  })
})

test('a Go that takes too long is told so, and not with what it said last', async () => {
  const folder = emptyFolder()
  program(folder, 'go', 'echo "downloading a module" >&2; sleep 30')
  const env = { PATH: `${folder}:/usr/bin:/bin` }
  expect(await findHelm({ folder, build: true, env, limitMs: 300 })).toMatchObject({
    missing: expect.stringMatching(/minutes were not enough; `npm run helm` goes on from there$/),
  })
})

test('what Go has built is used again', async () => {
  const folder = emptyFolder()
  program(folder, 'go', 'printf "#!/bin/sh\\n" > "$GOBIN/helm"; chmod +x "$GOBIN/helm"')
  const env = { PATH: `${folder}:/usr/bin:/bin` }
  const first = await findHelm({ folder, build: true, env })
  expect(first).toHaveProperty('command')
  program(folder, 'go', 'exit 1')
  expect(await findHelm({ folder, build: true, env })).toEqual(first)
})
