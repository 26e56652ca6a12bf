import type { IncomingMessage } from 'node:http'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { isOverTls } from '../session/cookie.ts'
import { channelOf } from '../session/sessions.ts'

/**
 * The portal with this token in the fragment, which no browser sends to a server. Throws 400
 * `malformed_request` where the request names no host and none is configured.
 */
export function linkTo(
  request: IncomingMessage,
  publicUrl: string | undefined,
  token: string,
): string {
  return `${publicUrl ?? originOf(request)}/portal#${token}`
}

function originOf(request: IncomingMessage): string {
  const channel = channelOf(request)
  const text = `${isOverTls(channel) ? 'https' : 'http'}://${channel.host ?? ''}`
  const said = URL.canParse(text) ? new URL(text) : undefined
  if (said?.pathname === '/' && said.username === '') return said.origin
  throw new ProblemError('malformed_request', 'The Host header names no host.')
}
