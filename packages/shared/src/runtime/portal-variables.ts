import { z } from 'zod'
import { optional, variable } from './variable.ts'
import * as type from './variable-types.ts'

/** Part of `variables.ts`: where the portal may be seen. */
export const portalVariables = {
  portalOrigins: variable<readonly string[], 'api'>({
    name: 'POSTHORN_PORTAL_ORIGINS',
    schema: z.union([z.literal('').transform(() => []), type.origins]),
    defaultText: '',
    unit: 'origins, comma-separated',
    description:
      'Pages of these origins may frame [the portal](portal.md), e.g. `https://app.example.com`; without any, none may. No other page of Posthorn can be framed.',
    processes: ['api'],
  }),
  publicUrl: optional<string, 'api'>({
    name: 'POSTHORN_PUBLIC_URL',
    schema: type.origin,
    optional: 'as the request for a link came: its `Host`, and `X-Forwarded-Proto`',
    unit: 'origin',
    description:
      'Where browsers reach the API: links to the portal begin with it. Set it when your services reach the API by another name than your customers do.',
    processes: ['api'],
  }),
} as const
