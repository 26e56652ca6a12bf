import { Link } from '@tanstack/react-router'
import { classes } from '../ui/classes.ts'

const TABS = [
  ['overview', 'Overview'],
  ['deliveries', 'Deliveries'],
  ['settings', 'Settings'],
] as const

export function WebhookTabs({ tab }: { readonly tab: string }) {
  return (
    <nav aria-label="Parts of this webhook" className="flex gap-4 border-line border-b">
      {TABS.map(([value, label]) => (
        <Link
          key={value}
          from="/webhooks/$id"
          search={value === 'overview' ? {} : { tab: value }}
          aria-current={tab === value ? 'page' : undefined}
          className={classes(
            '-mb-px border-b-2 py-2 no-underline',
            tab === value
              ? 'border-accent font-medium text-ink'
              : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
