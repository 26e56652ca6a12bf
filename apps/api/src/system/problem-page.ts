import { PROBLEMS, type ProblemCode } from '@posthorn/shared/error/catalogue.ts'
import { ProblemError, problemType } from '@posthorn/shared/error/problem.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { escapeHtml, page } from './html.ts'

/** Where the `type` of a problem leads. */
export function problemPage(): Route {
  return route({
    method: 'GET',
    path: problemType(':code' as ProblemCode),
    summary: 'What a problem means',
    tag: 'Operations',
    role: 'public',
    hidden: true,
    params: z.strictObject({ code: z.string() }),
    responses: { 200: { description: 'A page', mediaType: 'text/html' } },
    handle: async ({ params }) => {
      if (!Object.hasOwn(PROBLEMS, params.code)) throw new ProblemError('not_found')
      const { status, title, meaning } = PROBLEMS[params.code as ProblemCode]
      return page(
        title,
        `<h1>${escapeHtml(title)}</h1>
<p><code>${escapeHtml(params.code)}</code>, answered with status ${status}.</p>
<p>${escapeHtml(meaning)}</p>
<p><a href="/docs">API documentation</a></p>`,
      )
    },
  })
}
