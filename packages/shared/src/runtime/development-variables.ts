import { variable } from './variable.ts'
import * as type from './variable-types.ts'

/** Part of `variables.ts`: what is for trying Posthorn out, and off where it is used in earnest. */
export const developmentVariables = {
  testReceiver: variable({
    name: 'POSTHORN_TEST_RECEIVER',
    schema: type.onOff,
    defaultText: 'off',
    unit: '`on` or `off`',
    description:
      'Whether the API holds a receiver at `/dev/receiver`, for trying Posthorn out: told on the dashboard to succeed, fail, be slow or hang, it shows what it was sent. Its URL leads to loopback, for workers of the same machine, which `POSTHORN_ALLOW_CIDRS` must let reach it; whoever reaches the API reaches it too, and is refused unless a webhook that leads there has signed. What it knows is in memory only. `npm start` turns it on.',
    processes: ['api'],
  }),
} as const
