export interface Sample {
  readonly about: string
  readonly data: unknown
}

const USER = {
  id: 'ylcrsqe4xpjs',
  username: 'alice',
  primaryEmail: 'alice@example.com',
  primaryPhone: null,
  name: 'Alice Example',
  avatar: null,
  customData: {},
  identities: {},
  lastSignInAt: 1_795_420_800_000,
  createdAt: 1_790_000_000_000,
  applicationId: 'spa9x2',
  isSuspended: false,
}

/** Each one is an event of its own: the same bytes again would be a repeat, to a receiver of Logto's. */
const NOW = new Date().toISOString()
const HOOK = { hookId: 'hook_1', userAgent: 'Mozilla/5.0' }
/** Logto calls it `userIp` of an interaction, and `ip` of a change. */
const IP = '203.0.113.7'

/** As Logto's page on webhooks describes its interaction hooks. */
const interaction = (event: string, interactionEvent: string): unknown => ({
  ...HOOK,
  event,
  interactionEvent,
  createdAt: NOW,
  sessionId: 'Tq8wGk',
  userIp: IP,
  userId: USER.id,
  user: USER,
  applicationId: USER.applicationId,
  application: { id: USER.applicationId, name: 'Shop', type: 'SPA' },
})

/** As Logto's page describes its data mutation hooks. */
const mutation = (event: string, path: string, data: unknown): unknown => ({
  ...HOOK,
  event,
  createdAt: NOW,
  ip: IP,
  path,
  method: event.endsWith('.Deleted') ? 'DELETE' : 'PATCH',
  status: 200,
  params: path.includes(':id') ? { id: 'id_1' } : { userId: USER.id },
  matchedRoute: path,
  data,
})

/** By event type: what `posthorn trigger` publishes. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  PostSignIn: { about: 'Logto: a user has signed in', data: interaction('PostSignIn', 'SignIn') },
  PostRegister: {
    about: 'Logto: a user has registered',
    data: interaction('PostRegister', 'Register'),
  },
  PostResetPassword: {
    about: 'Logto: a user has reset the password',
    data: interaction('PostResetPassword', 'ForgotPassword'),
  },
  'User.Created': {
    about: 'Logto: a user was made',
    data: mutation('User.Created', '/users', USER),
  },
  'User.Data.Updated': {
    about: "Logto: a user's data changed",
    data: mutation('User.Data.Updated', '/users/:userId', { ...USER, name: 'Alice B. Example' }),
  },
  'User.SuspensionStatus.Updated': {
    about: 'Logto: a user was suspended',
    data: mutation('User.SuspensionStatus.Updated', '/users/:userId/is-suspended', {
      ...USER,
      isSuspended: true,
    }),
  },
  'User.Deleted': {
    about: 'Logto: a user is gone',
    data: mutation('User.Deleted', '/users/:userId', null),
  },
  'Role.Scopes.Updated': {
    about: "Logto: a role's permissions changed",
    data: mutation('Role.Scopes.Updated', '/roles/:id/scopes', [
      { id: 'scope_1', name: 'read:orders', resourceId: 'api_1' },
    ]),
  },
  'Organization.Membership.Updated': {
    about: 'Logto: who belongs to an organization changed',
    data: mutation('Organization.Membership.Updated', '/organizations/:id/users', null),
  },
  'user.created': { about: 'a user signed up', data: { id: 'u_1', email: 'alice@example.com' } },
  'order.paid': {
    about: 'an order was paid',
    data: {
      id: 'o_1',
      total: { amount: 4_200, currency: 'EUR' },
      items: [{ sku: 'A-1', quantity: 2 }],
    },
  },
  'invoice.payment_failed': {
    about: 'a payment failed',
    data: {
      id: 'in_1',
      attempt: 1,
      reason: 'card_declined',
      nextAttemptAt: '2026-11-25T08:00:00.000Z',
    },
  },
}
