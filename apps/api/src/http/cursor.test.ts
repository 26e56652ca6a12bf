import { describe, expect, it } from 'vitest'
import { CursorCodec } from './cursor.ts'

const codec = new CursorCodec(Buffer.alloc(32, 1))
const cursor = codec.encode('webhooks acme', ['wh_1', 1_700_000_000_000])

describe('a cursor', () => {
  it('comes back as it went, in another process too', () => {
    const twin = new CursorCodec(Buffer.alloc(32, 1))
    expect(twin.decode('webhooks acme', cursor)).toEqual(['wh_1', 1_700_000_000_000])
  })

  it('fits only the list and the filters that it was made for', () => {
    expect(() => codec.decode('webhooks globex', cursor)).toThrow(/cursor/i)
  })

  it('is refused when any character of it is changed', () => {
    for (let i = 0; i < cursor.length; i++) {
      const other = cursor[i] === 'A' ? 'B' : 'A'
      const forged = cursor.slice(0, i) + other + cursor.slice(i + 1)
      expect(() => codec.decode('webhooks acme', forged)).toThrow(/cursor/i)
    }
  })

  it.each(['', 'x', '====', '\0', 'A'.repeat(16), `${cursor}A`, ` ${cursor}`, cursor.slice(0, -1)])(
    'refuses %j',
    (text) => {
      expect(() => codec.decode('webhooks acme', text)).toThrow(/cursor/i)
    },
  )

  it('of another secret is refused', () => {
    expect(() => new CursorCodec(Buffer.alloc(32, 2)).decode('webhooks acme', cursor)).toThrow(
      /cursor/i,
    )
  })
})
