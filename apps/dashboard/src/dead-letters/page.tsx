import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Archive } from 'lucide-react'
import type { DeadLetter } from 'posthorn'
import { useCallback, useMemo, useState } from 'react'
import { type DeadLetterAction, deadLetterList } from '../api/dead-letters.ts'
import { REASON_NAMES } from '../deliveries/status.tsx'
import { useMay } from '../layout/session.tsx'
import { Endless } from '../list/endless.tsx'
import { ChoiceFilter, Filters, TextFilter } from '../list/filters.tsx'
import { defined, oneOf } from '../list/search.ts'
import { SinceFilter } from '../list/since-filter.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { columnsWith } from './columns.tsx'
import { Command } from './command.tsx'
import { Groups } from './groups.tsx'

const route = getRouteApi('/shell/dead-letters')
const NONE: ReadonlySet<string> = new Set()

export function DeadLettersPage() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/dead-letters' })
  const { change } = useMay()
  const [chosen, setChosen] = useState(NONE)
  const [action, setAction] = useState<DeadLetterAction>()
  const { view, reason, ...rest } = search
  const filter = { ...rest, ...defined({ reason: oneOf(REASON_NAMES, reason) }) }
  const filtered = Object.keys(filter).length > 0
  const toggle = useCallback((id: string) => setChosen((before) => toggled(before, id)), [])
  const columns = useMemo(
    () => columnsWith(change ? { chosen, toggle } : undefined),
    [change, chosen, toggle],
  )
  const what = chosen.size > 0 ? { ids: [...chosen] } : filter
  const actions = change && (
    <>
      <Button look="danger" onClick={() => setAction('purge')}>
        Purge{chosen.size > 0 ? ` ${chosen.size}` : '…'}
      </Button>
      <Button look="primary" onClick={() => setAction('redrive')}>
        Redrive{chosen.size > 0 ? ` ${chosen.size}` : '…'}
      </Button>
    </>
  )
  const empty = <NoDeadLetters filtered={filtered} />
  return (
    <Page
      title="Dead letters"
      about="What ended undelivered. Redriven, it is sent again under the same ids."
      actions={actions}
    >
      <DeadLetterFilters
        filtered={filtered}
        onChange={(next) => {
          setChosen(NONE)
          navigate({ search: defined(next), replace: true })
        }}
      />
      {view === 'groups' ? (
        <Groups filter={filter} empty={empty} />
      ) : (
        <Endless
          label="Dead letters"
          query={deadLetterList(filter)}
          columns={columns}
          rowKey={({ id }: DeadLetter) => id}
          empty={empty}
        />
      )}
      {action && (
        <Command
          action={action}
          what={what}
          onClose={() => {
            setAction(undefined)
            setChosen(NONE)
          }}
        />
      )}
    </Page>
  )
}

function toggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before)
  if (!after.delete(id)) after.add(id)
  return after
}

type Search = ReturnType<typeof route.useSearch>

function DeadLetterFilters({
  filtered,
  onChange,
}: {
  readonly filtered: boolean
  readonly onChange: (search: { readonly [Name in keyof Search]?: string | undefined }) => void
}) {
  const search = route.useSearch()
  const { chooseTenant } = useMay()
  const { view } = search
  const set = (change: { readonly [Name in keyof Search]?: string | undefined }) =>
    onChange({ ...search, ...change })
  return (
    <div className="flex flex-wrap items-end justify-between gap-2">
      <Filters onClear={filtered ? () => onChange({ view }) : undefined}>
        <ChoiceFilter
          label="Reason"
          value={search.reason}
          onChange={(reason) => set({ reason })}
          options={REASON_NAMES.map((value) => [value, value] as const)}
        />
        <TextFilter label="Event type" value={search.type} onChange={(type) => set({ type })} />
        <TextFilter
          label="Webhook id"
          value={search.webhook}
          onChange={(webhook) => set({ webhook })}
        />
        {chooseTenant && (
          <TextFilter label="Tenant" value={search.tenant} onChange={(tenant) => set({ tenant })} />
        )}
        <SinceFilter value={search.since} onChange={(since) => set({ since })} />
      </Filters>
      <Link
        from="/dead-letters"
        search={defined({ ...search, view: view === 'groups' ? undefined : 'groups' })}
        className={buttonLook('plain')}
      >
        {view === 'groups' ? 'Show one by one' : 'Group by cause'}
      </Link>
    </div>
  )
}

function NoDeadLetters({ filtered }: { readonly filtered: boolean }) {
  return (
    <Empty icon={Archive} title={filtered ? 'No dead letter matches' : 'No dead letters'}>
      {filtered
        ? 'Widen or clear the filters.'
        : 'Nothing has been given up. A delivery that fails until its retry policy ends waits here, with its payload, until you redrive it.'}
    </Empty>
  )
}
