import { SignatureError, verify } from 'posthorn'

/**
 * A receiver for every platform that has Request and Response: Cloudflare Workers, Deno, Vercel, Bun.
 *
 * @param {Request} request
 * @param {{ WEBHOOK_SECRETS: string }} env both secrets while one is rotated, separated by a space
 * @param {(event: { id: string, type: string, data: unknown }) => Promise<void>} keep puts it where it is safe
 */
export async function receive(request, env, keep) {
  try {
    const webhook = await verify(
      request.headers,
      await request.arrayBuffer(),
      env.WEBHOOK_SECRETS.split(' '),
    )
    await keep({ id: webhook.id, ...webhook.json() })
    return new Response(null, { status: 204 })
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error
    return new Response(error.fault, { status: 401 })
  }
}
