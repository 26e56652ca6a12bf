import { expect, it } from 'vitest'
import { curlOf } from './curl.ts'

it('a copied command survives any payload in a shell', () => {
  const curl = curlOf({
    method: 'POST',
    url: 'https://example.com/a?b',
    headers: { 'posthorn-event-type': 'a.b' },
    body: `{"a":"it's $HOME"}`,
  })
  expect(curl).toBe(
    [
      `curl 'https://example.com/a?b' \\`,
      `  -H 'posthorn-event-type: a.b' \\`,
      `  --data-raw '{"a":"it'\\''s $HOME"}'`,
    ].join('\n'),
  )
})
