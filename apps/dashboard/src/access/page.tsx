import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import type { ApiKey } from 'posthorn'
import { useMemo, useState } from 'react'
import { keyList } from '../api/keys.ts'
import { useMay } from '../layout/session.tsx'
import type { Column } from '../list/column.ts'
import { Endless } from '../list/endless.tsx'
import { defined } from '../list/search.ts'
import { TenantFilters } from '../list/tenant-filters.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { CreateKey } from './create.tsx'
import { DeleteKey } from './delete.tsx'

const route = getRouteApi('/shell/access')

export function AccessPage() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/access' })
  const { change } = useMay()
  const [creating, setCreating] = useState(false)
  const [deleting, setDeleting] = useState<ApiKey>()
  const columns = useMemo(() => columnsWith(change ? setDeleting : undefined), [change])
  const create = change && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" /> New key
    </Button>
  )
  return (
    <Page title="Access" about="API keys: who may publish, look, and change." actions={create}>
      <TenantFilters
        tenant={search.tenant}
        onChange={(tenant) => navigate({ search: defined({ tenant }), replace: true })}
        onClear={() => navigate({ search: {} })}
      />
      <Endless
        label="API keys"
        query={keyList(search)}
        columns={columns}
        rowKey={({ id }) => id}
        empty={
          <Empty icon={KeyRound} title="No API keys yet" action={create}>
            Give each service a key of its own: a publisher for what publishes, a viewer for who
            looks. The root key of the configuration is for setting up.
          </Empty>
        }
      />
      {creating && <CreateKey tenant={search.tenant} onClose={() => setCreating(false)} />}
      {deleting && <DeleteKey apiKey={deleting} onClose={() => setDeleting(undefined)} />}
    </Page>
  )
}

function columnsWith(onDelete: ((key: ApiKey) => void) | undefined): readonly Column<ApiKey>[] {
  const remove: Column<ApiKey> = {
    head: '',
    width: '84px',
    align: 'end',
    cell: (key) => (
      <Button
        look="quiet"
        size="small"
        aria-label={`Delete ${key.name}`}
        onClick={() => onDelete?.(key)}
      >
        Delete
      </Button>
    ),
  }
  return onDelete ? [...COLUMNS, remove] : COLUMNS
}

const COLUMNS: readonly Column<ApiKey>[] = [
  {
    head: 'Name',
    width: 'minmax(0, 1.4fr)',
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  {
    head: 'Role',
    width: '104px',
    cell: ({ role }) => <Badge tone={role === 'admin' ? 'accent' : 'idle'}>{role}</Badge>,
  },
  {
    head: 'Tenant',
    width: 'minmax(0, 1fr)',
    wideOnly: true,
    cell: ({ tenant }) => <span className="text-muted">{tenant ?? 'all tenants'}</span>,
  },
  {
    head: 'Id',
    width: '220px',
    wideOnly: true,
    cell: ({ id }) => <span className="font-mono text-muted text-xs">{id}</span>,
  },
  {
    head: 'Created',
    width: '92px',
    align: 'end',
    wideOnly: true,
    cell: ({ createdAt }) => (
      <span className="text-muted">
        <Ago time={createdAt} />
      </span>
    ),
  },
]
