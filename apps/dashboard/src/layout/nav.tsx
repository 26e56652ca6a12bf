import { Link } from '@tanstack/react-router'
import {
  Activity,
  Archive,
  FlaskConical,
  House,
  KeyRound,
  ListChecks,
  Radio,
  Send,
  Server,
  Webhook,
} from 'lucide-react'
import { useMay, useSession } from './session.tsx'

const WORK = [
  { to: '/', label: 'Home', icon: House },
  { to: '/webhooks', label: 'Webhooks', icon: Webhook },
  { to: '/events', label: 'Events', icon: Activity },
  { to: '/deliveries', label: 'Deliveries', icon: Send },
  { to: '/dead-letters', label: 'Dead letters', icon: Archive },
  { to: '/live', label: 'Live', icon: Radio },
] as const

const SYSTEM = [
  { to: '/tasks', label: 'Tasks', icon: ListChecks },
  { to: '/operations', label: 'Operations', icon: Server },
  { to: '/access', label: 'Access', icon: KeyRound },
  { to: '/test-receiver', label: 'Test receiver', icon: FlaskConical },
] as const

export function Nav() {
  const { read, chooseTenant } = useMay()
  const { testReceiver } = useSession()
  // Of the whole installation: not for one tenant. In development: not elsewhere.
  const shown = { '/operations': chooseTenant, '/test-receiver': testReceiver }
  return (
    <nav aria-label="Pages" className="flex flex-1 flex-col gap-4 overflow-auto p-2">
      {read ? (
        <>
          <Links items={WORK} />
          <Links
            items={SYSTEM.filter(({ to }) => !(to in shown) || shown[to as keyof typeof shown])}
          />
        </>
      ) : (
        <Links items={WORK.slice(2, 3)} />
      )}
    </nav>
  )
}

function Links({ items }: { readonly items: readonly (typeof WORK | typeof SYSTEM)[number][] }) {
  return (
    <ul className="flex flex-col gap-0.5">
      {items.map(({ to, label, icon: Icon }) => (
        <li key={to}>
          <Link
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            className="flex h-8 items-center gap-2.5 rounded-md px-2 text-muted no-underline hover:bg-hover hover:text-ink"
            activeProps={{ className: 'bg-hover font-medium text-ink!' }}
          >
            <Icon aria-hidden="true" className="size-4" />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  )
}
