import { describe, expect, test } from 'vitest'
import { Service } from './harness/service.ts'

describe('wrong configuration', () => {
  const good = {
    REDIS_URL: 'redis://127.0.0.1:1',
    POSTHORN_ROOT_KEY: 'root-key-of-a-sufficient-length-0123456789',
    POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32, 1).toString('base64'),
  }
  const wrong = {
    REDIS_URL: 'http://127.0.0.1:6379',
    POSTHORN_ENCRYPTION_KEYS: 'dG9vLXNob3J0LXRvLWJlLWEta2V5',
    POSTHORN_ALLOW_CIDRS: '10.0.0.0/33,nonsense',
    POSTHORN_RETRY_POLICY: 'sometimes:5s',
    POSTHORN_ATTEMPT_TIMEOUT: 'soon',
    POSTHORN_RETENTION: '-3h',
  }

  test.each(['api', 'worker'] as const)(
    '%s: prints every problem at once and exits with 1',
    async (kind) => {
      const { code, output } = await Service.runToEnd(kind, { ...good, ...wrong })
      expect(code, output).toBe(1)
      for (const variable of Object.keys(wrong)) expect(output).toContain(variable)
      expect(output).not.toContain(wrong.POSTHORN_ENCRYPTION_KEYS)
      expect(output).not.toContain(good.POSTHORN_ROOT_KEY)
      expect(output).not.toMatch(/node_modules|\n\s+at /)
    },
  )

  test.each(['api', 'worker'] as const)(
    '%s: names each required variable that is missing',
    async (kind) => {
      const { code, output } = await Service.runToEnd(kind, {})
      expect(code, output).toBe(1)
      const required = ['REDIS_URL', 'POSTHORN_ENCRYPTION_KEYS']
      if (kind === 'api') required.push('POSTHORN_ROOT_KEY')
      for (const variable of required) expect(output).toContain(variable)
    },
  )

  test.each(['api', 'worker'] as const)(
    '%s: a port that is no port is told before it listens',
    async (kind) => {
      for (const port of ['abc', '70000', '-1']) {
        const { code, output } = await Service.runToEnd(kind, { ...good }, port)
        expect(code, output).toBe(1)
        expect(output).toContain(kind === 'api' ? 'PORT' : 'POSTHORN_WORKER_PORT')
      }
    },
  )
})
