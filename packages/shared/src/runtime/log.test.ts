import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { createLogger } from './log.ts'

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = []
  createLogger('test', { logLevel: 'info' }, { write: (line) => lines.push(line) }).info(
    fields,
    'message',
  )
  return JSON.parse(lines[0] ?? '{}')
}

test('no secret field reaches the log, however deep it stands', () => {
  const hidden = 'hidden-value'
  const line = JSON.stringify(
    logged({
      authorization: hidden,
      webhook: { secret: hidden, headers: { 'x-api-key': hidden }, name: 'shown' },
      request: { options: { signature: hidden } },
      deliveries: [{ attempt: { received: { responseBody: hidden }, number: 'listed' } }],
      body: hidden,
    }),
  )
  expect(line).not.toContain(hidden)
  expect(line).toContain('shown')
  expect(line).toContain('listed')
})

test('nor one within an object of a class, one that says how it is written, or an error of any name', () => {
  class Store {
    readonly secret = 'hidden'
  }
  const told = { toJSON: () => ({ token: 'hidden', name: 'shown' }) }
  const error = Object.assign(new Error('no answer'), { request: { headers: { a: 'hidden' } } })
  const line = logged({ store: new Store(), told, list: [error], at: new Date(0) })
  expect(JSON.stringify(line)).not.toContain('hidden')
  expect(line).toMatchObject({
    ...{ store: '[Store]', told: { name: 'shown' }, at: '1970-01-01T00:00:00.000Z' },
    list: [{ type: 'Error', message: 'no answer' }],
  })
})

test('an error is logged by name, message, code and cause, without what a library hung onto it', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  const error = Object.assign(new Error('no answer', { cause }), { request: { token: 'hidden' } })
  const line = logged({ err: error })
  expect(line.err).toMatchObject({
    type: 'Error',
    message: 'no answer',
    cause: { message: 'refused', code: 'ECONNREFUSED' },
  })
  expect(JSON.stringify(line)).not.toContain('hidden')
})

test('a line says when, who and how grave', () => {
  const line = logged({})
  expect(line).toMatchObject({ name: 'test', level: 30, msg: 'message', pid: process.pid })
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
})

test('the last lines of a process come in order, however busy its threads are', () => {
  const script = `
    import { pbkdf2 } from 'node:crypto'
    import { createLogger } from '${new URL('log.ts', import.meta.url).href}'
    const log = createLogger('test', { logLevel: 'info' })
    pbkdf2('password', 'salt', 200_000, 64, 'sha512', () => {})
    log.info('shutting down')
    log.info('stopped')
    process.exit(0)`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  const lines = output.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['shutting down', 'stopped'])
})
