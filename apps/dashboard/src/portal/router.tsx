import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { Failed, NotFound } from '../layout/wrong.tsx'
import { queryAsTyped } from '../list/query-text.ts'
import { searchOf } from '../list/search.ts'
import { Shell } from './shell.tsx'

// Its pages are the dashboard's own, under the same ids, without what is the operator's (`useMay`).

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Failed })
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/webhooks', replace: true })
  },
})

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks',
  validateSearch: searchOf(),
  component: lazyRouteComponent(() => import('../webhooks/page.tsx'), 'WebhooksPage'),
})

const webhook = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks/$id',
  validateSearch: searchOf('tab', 'window', 'status'),
  component: lazyRouteComponent(() => import('../webhook/page.tsx'), 'WebhookPage'),
})

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries',
  validateSearch: searchOf('webhook', 'event', 'type', 'status', 'since', 'until'),
  component: lazyRouteComponent(() => import('../deliveries/page.tsx'), 'DeliveriesPage'),
})

const delivery = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries/$id',
  validateSearch: searchOf('attempt', 'compare'),
  component: lazyRouteComponent(() => import('../delivery/page.tsx'), 'DeliveryPage'),
})

const routeTree = root.addChildren([
  shell.addChildren([home, webhooks, webhook, deliveries, delivery]),
])

export const router = createRouter({
  routeTree,
  basepath: '/portal',
  defaultPreload: 'intent',
  ...queryAsTyped,
})
