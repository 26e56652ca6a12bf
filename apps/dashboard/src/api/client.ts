import createClient from 'openapi-fetch'
import type { paths } from 'posthorn/openapi'

/** The public API, at the page's own origin: the session's cookie goes along by itself. */
export const api = createClient<paths>({ baseUrl: window.location.origin })
