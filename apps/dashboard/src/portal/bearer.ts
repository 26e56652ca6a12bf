import { api } from '../api/client.ts'
import { queries } from '../api/queries.ts'
import { currentToken, onToken } from './token.ts'

/**
 * Every request carries the token as a bearer and no cookie: whoever is signed in to the dashboard of the
 * same origin is nobody here.
 */
export function sendToken(): void {
  api.use({
    onRequest: ({ request }) => {
      const sent = new Request(request, { credentials: 'omit' })
      const token = currentToken()
      if (token) sent.headers.set('authorization', `Bearer ${token}`)
      return sent
    },
  })
  // Another token may be another tenant's: nothing stays of what was read with the one before.
  onToken(() => queries.resetQueries())
}
