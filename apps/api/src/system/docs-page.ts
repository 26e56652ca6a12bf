import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { pageHeaders } from './html.ts'

/**
 * Swagger UI sets style attributes from its script, hence `unsafe-inline` for styles alone. Scripts,
 * requests and images come from this server only: the page works without the internet and tells
 * nobody that it was opened.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Posthorn API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
})
`

const TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
  'start.js': 'text/javascript; charset=utf-8',
}

export function docsRoutes(): Route[] {
  return [docsPage(), docsFile()]
}

function docsPage(): Route {
  return route({
    method: 'GET',
    path: '/docs',
    summary: 'This documentation as a page',
    tag: 'Operations',
    role: 'public',
    responses: { 200: { description: 'A page', mediaType: 'text/html' } },
    handle: async () => ({ status: 200, body: PAGE, headers: pageHeaders(POLICY) }),
  })
}

function docsFile(): Route {
  return route({
    method: 'GET',
    path: '/docs/:file',
    summary: 'Files of the documentation page',
    tag: 'Operations',
    role: 'public',
    hidden: true,
    params: z.strictObject({ file: z.string() }),
    responses: { 200: { description: 'The file' } },
    handle: async ({ params: { file } }) => {
      const type = Object.hasOwn(TYPES, file) ? TYPES[file] : undefined
      if (type === undefined) throw new ProblemError('not_found')
      return {
        status: 200,
        body: file === 'start.js' ? START : await distributed(file),
        headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' },
      }
    },
  })
}

/** Only names of `TYPES` come here. Not kept in memory: it is opened by a person now and then. */
const distributed = (file: string) =>
  readFile(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${file}`)))
