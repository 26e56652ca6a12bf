import { execFile, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CommandLine, type Ended } from './harness/command-line.ts'
import { nodeBinary, repositoryRoot } from './harness/place.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival, Receiver } from './harness/receiver.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { verifies } from './harness/verify.ts'
import { waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver
let line: CommandLine

beforeAll(async () => {
  posthorn = await startPosthorn()
  line = await CommandLine.of(posthorn)
  receiver = await posthorn.receiver()
})
afterAll(async () => {
  line?.remove()
  await posthorn?.stop()
})

/** In a folder without a Posthorn of its own. */
const cli = (args: readonly string[], env: Record<string, string> = {}) => line.run(args, { env })

const of = (tenant: Tenant, ...args: string[]) => cli(['--tenant', tenant.name, ...args])

async function json<T>(tenant: Tenant, ...args: string[]): Promise<T[]> {
  const { out, err } = await of(tenant, '--json', ...args)
  expect(err).toBe('')
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

interface Running {
  /** The next line on stdout that holds this. */
  next(part: string): Promise<string>
  /** Ctrl-C; its exit code. */
  interrupt(): Promise<number | null>
}

function running(args: readonly string[]): Running {
  const child = spawn(nodeBinary, [line.main, ...args], {
    cwd: line.folder,
    env: line.environment(),
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    next: async (part) => {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error(`it ended without a line that holds ${part}`)
        line.noteSecrets(value)
        if (value.includes(part)) return value
      }
    },
    interrupt: async () => {
      child.kill('SIGINT')
      const [code] = await once(child, 'exit')
      return code
    },
  }
}

describe.concurrent('the command line', () => {
  test('publishes what is typed, read or piped, byte for byte, and a repeat once', async () => {
    const shop = posthorn.tenant('cli-publish')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const data = '{"n":12345678901234567890,"f":1.0}'
    const args = ['publish', 'order.paid', data, '--id', 'cli-1', '--label', 'a=b']
    expect((await of(shop, ...args)).out).toBe('cli-1 accepted\n')
    expect((await of(shop, ...args)).out).toContain('which had been published before')
    expect((await at.arrival('cli-1')).text).toContain(data)

    const file = join(line.folder, 'events.ndjson')
    writeFileSync(file, '{"type":"a","data":1,"id":"f-1"}\n\n{"type":"no type!","data":2}\n')
    const batch = await of(shop, 'publish', '--file', file)
    expect(batch.out).toContain('1 event accepted, 0 published before, 1 refused')
    expect(batch.code).toBe(1)
    await at.arrival('f-1')
  })

  test('shows events, deliveries and attempts, and sends again', async () => {
    const shop = posthorn.tenant('cli-show')
    const at = receiver.endpoint([500, 200])
    await shop.webhook({ url: at.url, retryPolicy: schedule(60) })
    const { id } = await shop.publish()
    const open = await shop.only(id, 'retrying')
    expect((await of(shop, 'deliveries', 'get', open.id)).out).toMatch(
      /retrying, next[\s\S]*1\. .* 500/,
    )
    const curl = await of(shop, 'deliveries', 'request', open.id)
    expect(curl.out).toMatch(
      /^curl -X POST 'http:[\s\S]*webhook-signature: v1,[\s\S]*--data-binary/,
    )
    expect((await of(shop, 'retry', open.id)).out).toBe(`${open.id} is sent again\n`)
    await shop.only(id, 'delivered')
    const [event] = await json<{ id: string }>(shop, 'events', 'get', id)
    expect(event?.id).toBe(id)
    // Lists may lag by a second.
    const listed = await waitFor(
      async () => {
        const [first] = await json<{ id?: string }>(shop, 'deliveries', '--status', 'delivered')
        return first?.id
      },
      { what: 'the delivery in the list' },
    )
    expect(listed).toBe(open.id)
  })

  test('counts, redrives and purges dead letters, and follows the task to its end', async () => {
    const shop = posthorn.tenant('cli-dead')
    const at = receiver.endpoint([500, 200])
    await shop.webhook({ url: at.url, retryPolicy: schedule() })
    const first = await shop.publish()
    const second = await shop.publish()
    await shop.deadLetters(2)
    expect((await of(shop, 'dead-letters', 'redrive')).err).toContain('--all')
    const dry = await of(shop, 'dead-letters', 'redrive', '--all', '--dry-run')
    expect(dry.out).toBe('2 dead letters would be redrived\n')
    const one = await shop.only(first.id, 'dead')
    expect((await of(shop, 'dead-letters', 'redrive', one.id)).out).toContain('done: 1 of 1')
    await shop.only(first.id, 'delivered')
    expect((await of(shop, 'dead-letters', 'purge', '--all')).out).toContain('done: 1 of 1')
    expect((await shop.only(second.id, 'dead')).status).toBe('dead')
  })

  test('makes, tests, pauses and deletes a webhook', async () => {
    const shop = posthorn.tenant('cli-webhooks')
    const at = receiver.endpoint()
    const args = ['webhooks', 'create', '--to', at.url, '--events', 'a.*,b', '--name', 'mine']
    const [made] = await json<{ id: string; eventTypes: string[] }>(shop, ...args)
    expect(made?.eventTypes).toEqual(['a.*', 'b'])
    const id = made?.id ?? ''
    expect((await of(shop, 'webhooks', 'test', id)).out).toMatch(/^200 /)
    expect((await of(shop, 'webhooks', 'pause', id)).out).toContain('paused')
    expect((await of(shop, 'webhooks')).out).toMatch(new RegExp(`${id}.*paused.*a\\.\\*,b.*mine`))
    expect((await of(shop, 'webhooks', 'delete', id)).out).toBe(`${id} deleted\n`)
    expect((await of(shop, 'webhooks')).out).toContain('No webhooks.')
  })

  test('makes a webhook for whoever leaves another sender, and rotates its secret', async () => {
    const shop = posthorn.tenant('cli-formats')
    const at = receiver.endpoint()
    const own = 'the secret of another sender'
    const file = join(line.folder, 'secret.txt')
    writeFileSync(file, `${own}\n`)
    const settings = ['--format', 'raw', '--signature', '{"header":"x-sig"}', '--secret']
    const create = ['webhooks', 'create', '--to', at.url, ...settings, `@${file}`]
    const [made] = await json<{ id: string; secret: string }>(shop, ...create)
    expect(made).toMatchObject({ format: 'raw', signature: { header: 'x-sig' }, secret: own })
    const id = made?.id ?? ''
    const { headers, raw } = await at.arrival((await shop.publish()).id)
    const digest = createHmac('sha256', own).update(raw).digest('hex')
    expect(headers['x-sig']).toBe(digest)
    const update = ['webhooks', 'update', id, '--format', 'logto', '--signature', 'logto']
    await of(shop, ...update, '--filter', '{"a":{"$gt":1.5}}')
    const [updated] = await json(shop, 'webhooks', 'get', id)
    const changed = { format: 'logto', signature: 'logto', filter: { a: { $gt: 1.5 } } }
    expect(updated).toMatchObject(changed)
    const rotate = ['webhooks', 'secret', id, '--rotate']
    const [rotated] = await json<{ secret: string }>(shop, ...rotate, '--overlap', '2h')
    expect(rotated).toMatchObject({ previous: [{ secret: own }] })
    const { secret = '' } = rotated ?? {}
    const [ended] = await json(shop, ...rotate, '--secret', secret, '--overlap', '0')
    expect(ended).toEqual({ secret, previous: [] })
    const [cut] = await json(shop, ...rotate, '--signature', 'v1a')
    expect(cut).toMatchObject({ publicKey: expect.stringMatching(/^whpk_/), previous: [] })
    expect((await of(shop, 'webhooks', 'secret', id, '--overlap', '2h')).code).toBe(2)
    const wrong = await of(shop, 'webhooks', 'update', id, '--format', 'xml')
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('cloudevents') })
  })

  test('forwards events to a place that no worker reaches, signed, and leaves nothing behind', async () => {
    const shop = posthorn.tenant('cli-listen')
    const at = receiver.endpoint()
    // Without http://, as one types it.
    const to = at.url.replace('http://', '')
    const listen = running(['--tenant', shop.name, 'listen', '--forward-to', to])
    const secret = (await listen.next('Signing secret')).split(/\s+/).at(-1) ?? ''
    const { id } = await shop.publish()
    expect(await listen.next(id)).toContain('200')
    const arrival: Arrival = await at.arrival(id)
    expect(verifies(arrival, secret)).toBe(true)
    at.script = 503
    const next = await shop.publish()
    expect(await listen.next(next.id)).toContain('503')
    expect(at.received.length).toBe(2)
    expect(await listen.interrupt()).toBe(0)
    expect((await of(shop, 'webhooks')).out).toContain('No webhooks.')
  })

  test('tails attempts as they end, and triggers samples', async () => {
    const shop = posthorn.tenant('cli-tail')
    const at = receiver.endpoint()
    const { id } = await shop.webhook({ url: at.url })
    const tail = running(['--tenant', shop.name, 'tail', '--webhook', id])
    await tail.next('Ctrl-C ends')
    let event = ''
    // The stream may open after the first has ended.
    for (const line = tail.next('PostSignIn'); event === ''; ) {
      expect((await of(shop, 'trigger', 'PostSignIn')).out).toMatch(/accepted for 1 webhook\n$/)
      event = await Promise.race([line, pause(2_000, '')])
    }
    expect(event).toMatch(/200 .* PostSignIn {2}evt_[\w-]+ {2}→ wh_/)
    expect(await tail.interrupt()).toBe(0)
  })

  test('verifies what was received, and says why it does not', async () => {
    const shop = posthorn.tenant('cli-verify')
    const at = receiver.endpoint()
    const { secret } = await shop.webhook({ url: at.url })
    const { id } = await shop.publish()
    const { headers, text } = await at.arrival(id)
    const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
    const given = signed.flatMap((name) => ['-H', `${name}: ${headers[name]}`])
    const good = await cli(['verify', text, '--secret', secret, ...given])
    expect(good).toMatchObject({ code: 0, out: expect.stringMatching(/^valid/) })
    const bad = await cli(['verify', `${text} `, '--secret', secret, ...given])
    expect(bad).toMatchObject({ code: 1, out: expect.stringMatching(/^mismatch.*byte for byte/) })
  })

  test('measures a running instance, and cleans up', async () => {
    const shop = posthorn.tenant('cli-bench')
    const [result] = await json<object>(shop, 'bench', '--events', '100', '--connections', '4')
    expect(result).toMatchObject({ published: 100, delivered: 100 })
    expect((await of(shop, 'webhooks')).out).toContain('No webhooks.')
  })

  test('has help for every command, and lines of JSON from each', async () => {
    const { out } = await cli(['--help'])
    const names = [...out.matchAll(/^ {2}([a-z][a-z-]*)(?= )/gm)].map(([, name = '']) => name)
    const wanted = ['listen', 'publish', 'trigger', 'tail', 'deliveries', 'retry', 'dead-letters']
    expect(names).toEqual(expect.arrayContaining([...wanted, 'webhooks', 'verify', 'bench']))
    const helps = await Promise.all(names.map((name) => cli([name, '--help'])))
    for (const { code, out } of helps) {
      expect(code).toBe(0)
      expect(out).toMatch(/^Usage: posthorn [\s\S]*--help/)
    }
    const shop = posthorn.tenant('cli-json')
    await shop.webhook({ url: receiver.endpoint().url })
    const [{ id: webhook } = { id: '' }] = await json<{ id: string }>(shop, 'webhooks')
    await json(shop, 'webhooks', 'stats', webhook)
    const triggered = await json(shop, 'trigger', 'PostSignIn')
    expect(triggered).toMatchObject([{ type: 'PostSignIn', duplicate: false }])
    expect(await json(shop, 'trigger', '--list')).toHaveLength(12)
    const failed = await of(shop, '--json', 'events', 'get', 'none')
    expect(JSON.parse(failed.err).error).toMatchObject({ status: 404, code: 'not_found' })
  })
})

test('every block of its documentation runs as it stands', async () => {
  const text = readFileSync(join(repositoryRoot, 'docs/cli.md'), 'utf8')
  const blocks = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)]
  expect(blocks.map(([, language]) => language)).toEqual(blocks.map(() => 'sh'))
  const shop = posthorn.tenant('cli-docs')
  const name = ['--tenant', shop.name].join(' ')
  // What would go on until Ctrl-C gets one as soon as it has said something.
  const script = `set -euo pipefail
node() { ${nodeBinary} "$@"; }
posthorn() {
  case $1 in
    listen|tail)
      : > said.txt
      ${nodeBinary} ${line.main} ${name} "$@" > said.txt &
      until [ -s said.txt ]; do sleep 0.1; done
      kill -INT $!
      wait $! ;;
    *) ${nodeBinary} ${line.main} ${name} "$@" ;;
  esac
}
${blocks.map(([, , code]) => code).join('\n')}`
  const { code, err } = await new Promise<Ended>((resolve) => {
    const options = { cwd: line.folder, env: line.environment() }
    execFile('bash', ['--norc', '-c', script], options, (error, out, err) => {
      line.noteSecrets(out)
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
    })
  })
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(await shop.client.all('/v1/webhooks', { tenant: shop.name })).toEqual([])
})
