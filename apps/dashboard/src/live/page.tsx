import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Pause, Play, Radio, Unplug } from 'lucide-react'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { count } from '../format/numbers.ts'
import { useMay } from '../layout/session.tsx'
import { ChoiceFilter, Filters, TextFilter } from '../list/filters.tsx'
import { List } from '../list/list.tsx'
import { defined } from '../list/search.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { COLUMNS } from './columns.tsx'
import { matching } from './matching.ts'
import { Tail, type TailState, type TailView } from './tail.ts'

const route = getRouteApi('/shell/live')

const STATES: Record<TailState, readonly [Tone, string]> = {
  connecting: ['idle', 'connecting'],
  open: ['good', 'live'],
  broken: ['warn', 'connecting again'],
}

export function LivePage() {
  const search = route.useSearch()
  const tail = useMemo(() => new Tail(search.tenant), [search.tenant])
  const view = useSyncExternalStore(tail.subscribe, tail.view)
  const [paused, setPaused] = useState<TailView>()
  const toggle = () => setPaused(paused ? undefined : view)
  useKey('p', toggle)
  const [tone, word] = STATES[view.state]
  return (
    <Page
      title="Live"
      beside={<Badge tone={paused ? 'idle' : tone}>{paused ? 'paused' : word}</Badge>}
      about={`Attempts as they end. ${count(view.perSecond)} per second.${
        view.missed > 0 ? ` ${count(view.missed)} were too fast to be shown.` : ''
      }`}
      actions={
        <Button onClick={toggle} aria-keyshortcuts="p" title="p">
          {paused ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />}
          {paused ? 'Go on' : 'Pause'}
        </Button>
      }
    >
      <LiveFilters />
      <Rows now={view} paused={paused} />
    </Page>
  )
}

interface RowsProps {
  readonly now: TailView
  /** What stood there when it was paused. */
  readonly paused: TailView | undefined
}

/** Held still while somebody reads: with the pointer over it, or the focus in it. */
function Rows({ now, paused }: RowsProps) {
  const search = route.useSearch()
  const [looking, setLooking] = useState<TailView>()
  const shown = paused ?? looking ?? now
  const rows = useMemo(() => shown.rows.filter(matching(search)), [search, shown.rows])
  const newer = (now.rows[0]?.key ?? -1) - (shown.rows[0]?.key ?? -1)
  if (rows.length === 0)
    return (
      <div className="panel flex-1">
        {now.state === 'broken' ? (
          <Empty icon={Unplug} title="The tail is cut off">
            Posthorn does not answer, or cannot reach its Redis. This page tries again every few
            seconds; attempts that end meanwhile are listed under Deliveries.
          </Empty>
        ) : (
          <Empty icon={Radio} title={paused ? 'Paused' : 'Waiting for the next attempt'}>
            {Object.keys(search).length > 0
              ? 'What matches the filters shows here the moment it ends.'
              : 'Every request to a webhook shows here the moment it ends. Publish an event to see one.'}
          </Empty>
        )}
      </div>
    )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only notes that somebody reads
    <div
      className="flex min-h-0 flex-1 flex-col gap-2"
      onPointerEnter={() => setLooking(now)}
      onPointerLeave={() => setLooking(undefined)}
      onFocus={() => setLooking(looking ?? now)}
      onBlur={() => setLooking(undefined)}
    >
      <List label="Attempts" columns={COLUMNS} rows={rows} rowKey={({ key }) => String(key)} />
      <p className="h-5 text-muted text-xs">
        {newer > 0 && `Held while you look: ${count(newer)} newer`}
      </p>
    </div>
  )
}

function LiveFilters() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/live' })
  const { chooseTenant } = useMay()
  const set = (change: { readonly [Name in keyof typeof search]?: string | undefined }) =>
    navigate({ search: defined({ ...search, ...change }), replace: true })
  return (
    <Filters onClear={Object.keys(search).length > 0 ? () => navigate({ search: {} }) : undefined}>
      <ChoiceFilter
        label="Outcome"
        value={search.show}
        onChange={(show) => set({ show })}
        options={[
          ['failed', 'failed'],
          ['succeeded', 'succeeded'],
        ]}
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
    </Filters>
  )
}

/** A key of the page, unless it is typed into a field. */
function useKey(key: string, act: () => void): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const typed = (event.target as HTMLElement).closest('input, textarea, select')
      if (event.key === key && !typed && !event.ctrlKey && !event.metaKey && !event.altKey) act()
    }
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  })
}
