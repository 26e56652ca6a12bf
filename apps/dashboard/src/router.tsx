import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { Shell } from './layout/shell.tsx'
import { Failed, NotFound } from './layout/wrong.tsx'
import { queryAsTyped } from './list/query-text.ts'
import { searchOf } from './list/search.ts'
import { SignInPage } from './sign-in/page.tsx'

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Failed })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: searchOf('to'),
  component: SignInPage,
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: searchOf('window', 'tenant'),
  component: lazyRouteComponent(() => import('./home/page.tsx'), 'HomePage'),
})

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks',
  validateSearch: searchOf('tenant'),
  component: lazyRouteComponent(() => import('./webhooks/page.tsx'), 'WebhooksPage'),
})

const webhook = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks/$id',
  validateSearch: searchOf('tab', 'window', 'status'),
  component: lazyRouteComponent(() => import('./webhook/page.tsx'), 'WebhookPage'),
})

const events = createRoute({
  getParentRoute: () => shell,
  path: '/events',
  validateSearch: searchOf('tenant', 'type', 'since', 'until'),
  component: lazyRouteComponent(() => import('./events/page.tsx'), 'EventsPage'),
})

const event = createRoute({
  getParentRoute: () => shell,
  path: '/events/$id',
  validateSearch: searchOf('tenant'),
  component: lazyRouteComponent(() => import('./event/page.tsx'), 'EventPage'),
})

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries',
  validateSearch: searchOf('tenant', 'webhook', 'event', 'type', 'status', 'since', 'until'),
  component: lazyRouteComponent(() => import('./deliveries/page.tsx'), 'DeliveriesPage'),
})

const delivery = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries/$id',
  validateSearch: searchOf('attempt', 'compare'),
  component: lazyRouteComponent(() => import('./delivery/page.tsx'), 'DeliveryPage'),
})

const deadLetters = createRoute({
  getParentRoute: () => shell,
  path: '/dead-letters',
  validateSearch: searchOf('tenant', 'webhook', 'type', 'reason', 'since', 'until', 'view'),
  component: lazyRouteComponent(() => import('./dead-letters/page.tsx'), 'DeadLettersPage'),
})

const live = createRoute({
  getParentRoute: () => shell,
  path: '/live',
  validateSearch: searchOf('tenant', 'webhook', 'type', 'show'),
  component: lazyRouteComponent(() => import('./live/page.tsx'), 'LivePage'),
})

const tasks = createRoute({
  getParentRoute: () => shell,
  path: '/tasks',
  validateSearch: searchOf('tenant'),
  component: lazyRouteComponent(() => import('./tasks/page.tsx'), 'TasksPage'),
})

const operations = createRoute({
  getParentRoute: () => shell,
  path: '/operations',
  component: lazyRouteComponent(() => import('./operations/page.tsx'), 'OperationsPage'),
})

const testReceiver = createRoute({
  getParentRoute: () => shell,
  path: '/test-receiver',
  validateSearch: searchOf('tenant'),
  component: lazyRouteComponent(() => import('./test-receiver/page.tsx'), 'TestReceiverPage'),
})

const access = createRoute({
  getParentRoute: () => shell,
  path: '/access',
  validateSearch: searchOf('tenant'),
  component: lazyRouteComponent(() => import('./access/page.tsx'), 'AccessPage'),
})

const routeTree = root.addChildren([
  signIn,
  shell.addChildren([
    home,
    webhooks,
    webhook,
    events,
    event,
    deliveries,
    delivery,
    deadLetters,
    live,
    tasks,
    operations,
    access,
    testReceiver,
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  ...queryAsTyped,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
