import { z } from 'zod'
import { variable } from './variable.ts'
import * as type from './variable-types.ts'

/** Part of `variables.ts`: who may sign in to the dashboard, and from where. */
export const signInVariables = {
  signInOverHttp: variable({
    name: 'POSTHORN_SIGN_IN_OVER_HTTP',
    schema: type.signInOverHttp,
    defaultText: 'loopback',
    unit: '`loopback`, `anywhere`',
    description:
      'From where the dashboard may be signed in to without TLS, by the name in its address. TLS that ends before the API is known by `X-Forwarded-Proto: https`.',
    processes: ['api'],
  }),
  trustedProxies: variable<readonly string[], 'api'>({
    name: 'POSTHORN_TRUSTED_PROXIES',
    schema: z.union([z.literal('').transform(() => []), type.cidrs]),
    defaultText: '',
    unit: 'CIDR ranges, comma-separated',
    description:
      'Reverse proxies whose `X-Forwarded-For` is believed. Failed sign-ins are counted by address: without it all that come through one proxy count as one.',
    processes: ['api'],
  }),
} as const
