// Writes docs/errors.md from the catalogue of problems; `--check` only compares.
import { PROBLEMS } from '../packages/shared/src/error/catalogue.ts'
import { generatedDoc } from './generated-doc.ts'

const HEAD = `<!-- Written by scripts/docs-errors.ts from packages/shared/src/error/catalogue.ts: change it there, then run \`npm run docs\`. -->

# Errors

Whatever the API does not answer with a result it answers with a problem, \`application/problem+json\` after [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457):

| field | meaning |
| --- | --- |
| \`type\` | a path on the same server, where the meaning below can be read |
| \`title\`, \`status\` | as below |
| \`detail\` | what was wrong this time, for people |
| \`code\` | one of the codes below; it never changes, so programs decide by it |
| \`errors\` | for bad input: \`[{ "path": "eventTypes[0]", "message": "…" }]\` |
| \`requestId\` | also in the header \`x-request-id\`, and in the log line of the request; send your own \`x-request-id\` (8 to 64 letters, digits, \`.\`, \`_\`, \`-\`) to have it kept |

A request is judged in this order: the key (401), its role (403), the input (400, 413, 415, 422), the tenant that it names (403), then what exists (404). Every 503 has a \`Retry-After\` in seconds.

| code | status | title | meaning |
| --- | --- | --- | --- |
`

const rows = Object.entries(PROBLEMS).map(
  ([code, { status, title, meaning }]) =>
    `| \`${code}\` | ${status} | ${title} | ${meaning.replaceAll('|', '\\|')} |`,
)
generatedDoc('errors.md', `${HEAD}${rows.join('\n')}\n`)
