import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { connectReceiver, type TestReceiver, testReceiver } from '../api/test-receiver.ts'
import { useMay } from '../layout/session.tsx'
import { defined } from '../list/search.ts'
import { TenantFilters } from '../list/tenant-filters.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Answers } from './answers.tsx'
import { Became } from './became.tsx'
import { PublishOne } from './publish-one.tsx'
import { ReceivedList } from './received.tsx'
import { Seen } from './seen.tsx'

const route = getRouteApi('/shell/test-receiver')

/** A subscriber that does as it is told: what Posthorn does then is seen here. */
export function TestReceiverPage() {
  const { tenant } = route.useSearch()
  const navigate = useNavigate({ from: '/test-receiver' })
  const { data, error, refetch } = useQuery(testReceiver(tenant))
  return (
    <Page
      title="Test receiver"
      about="A subscriber inside Posthorn, which does as it is told. In development only."
    >
      <TenantFilters
        tenant={tenant}
        placeholder={data?.tenant ?? ''}
        onChange={(next) => navigate({ search: defined({ tenant: next }), replace: true })}
        onClear={() => navigate({ search: {} })}
      />
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {!data && !error && <p className="text-muted">Reading…</p>}
      {data && data.webhooks.length === 0 && <Connect tenant={tenant} />}
      {data && data.webhooks.length > 0 && <Connected receiver={data} tenant={tenant} />}
    </Page>
  )
}

function Connect({ tenant }: { readonly tenant: string | undefined }) {
  const { change } = useMay()
  const connect = useMutation({ mutationFn: () => connectReceiver(tenant) })
  return (
    <div className="panel flex-1">
      <Empty
        icon={FlaskConical}
        title="No webhook leads to it yet"
        action={
          change && (
            <Button look="primary" busy={connect.isPending} onClick={() => connect.mutate()}>
              Create the webhook
            </Button>
          )
        }
      >
        Create one for all event types. Its deliveries are tried three times within five seconds:
        enough to see one arrive, one tried again, and one given up.
      </Empty>
      {connect.error && <ProblemNote error={connect.error} />}
    </div>
  )
}

interface ConnectedProps {
  readonly receiver: TestReceiver
  readonly tenant: string | undefined
}

function Connected({ receiver, tenant }: ConnectedProps) {
  const webhook = receiver.webhooks[0] ?? ''
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-2">
        <section aria-label="What to try" className="panel flex flex-col gap-4 p-4">
          <Answers answer={receiver.answer} tenant={tenant} />
          <PublishOne tenant={tenant} />
        </section>
        <Seen webhook={webhook} />
      </div>
      <div className="grid gap-4 xl:grid-cols-2">
        <Became webhook={webhook} />
        <ReceivedList received={receiver.received} />
      </div>
    </>
  )
}
