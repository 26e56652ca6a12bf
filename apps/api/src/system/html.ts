import { hash } from 'node:crypto'
import type { RouteResult } from '../http/route.ts'

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string | number) =>
  String(text).replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string)

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: #8882; border-radius: 6px; overflow-x: auto; padding: .8rem; }
code { font: .9em ui-monospace, monospace; }
.bad { color: #c22; font-weight: 600; }
.good { color: #181; font-weight: 600; }
`

/** Nothing but what this server sends, no script, no frame, no form. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A page of our own; `content` is HTML, whatever it took from elsewhere escaped. */
export function page(title: string, content: string, head = ''): RouteResult {
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
${content}
</html>
`
  return { status: 200, body, headers: pageHeaders(POLICY) }
}

export const pageHeaders = (policy: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'referrer-policy': 'no-referrer',
})
