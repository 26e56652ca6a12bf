import { inputProblem } from '@posthorn/shared/error/problem.ts'
import type { StoredSource } from '@posthorn/shared/source/source.ts'
import {
  basic,
  bearer,
  github,
  hmac,
  logto,
  none,
  type Scheme,
  type Secrets,
  shopify,
  slack,
  standardWebhooks,
  stripe,
} from 'posthorn-receiver/schemes'

const SCHEMES: Readonly<
  Record<Exclude<StoredSource['type'], 'hmac' | 'none'>, (secrets: Secrets) => Scheme>
> = { logto, github, stripe, shopify, slack, 'standard-webhooks': standardWebhooks, basic, bearer }

const DEFAULT_HEADER = 'x-signature'

/**
 * How the requests of a source are verified. `secrets` in clear.
 * @throws TypeError for secrets that the type cannot have, without them in it
 */
export function schemeOf(
  { type, hmac: options }: Pick<StoredSource, 'type' | 'hmac'>,
  secrets: readonly string[],
): Scheme {
  if (type === 'hmac') {
    return hmac(secrets, { ...options, header: options?.header ?? DEFAULT_HEADER })
  }
  if (type !== 'none') return SCHEMES[type](secrets)
  if (secrets.length > 0) throw new TypeError('A source of the type none has no secrets')
  return none()
}

/** Throws 422 `invalid_input` for what no request could be verified with. */
export function checkScheme(
  source: Pick<StoredSource, 'type' | 'hmac'>,
  secrets: readonly string[],
): void {
  if (source.hmac && source.type !== 'hmac') {
    throw inputProblem('hmac', 'Only a source of the type hmac has it')
  }
  if (source.type === 'hmac') asInput('hmac', () => schemeOf(source, ['any']))
  asInput('secrets', () => schemeOf(source, secrets))
}

function asInput(path: string, make: () => unknown): void {
  try {
    make()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw inputProblem(path, error.message)
  }
}
