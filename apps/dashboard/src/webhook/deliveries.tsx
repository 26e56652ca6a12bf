import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { deliveryList } from '../api/deliveries.ts'
import { ATTEMPTS, CREATED, LAST, NEXT, STATUS, TYPE } from '../deliveries/columns.tsx'
import { STATUSES } from '../deliveries/status.tsx'
import { Endless } from '../list/endless.tsx'
import { ChoiceFilter, Filters } from '../list/filters.tsx'
import { defined, oneOf } from '../list/search.ts'
import { Empty } from '../ui/empty.tsx'

const route = getRouteApi('/shell/webhooks/$id')
const COLUMNS = [TYPE, STATUS, LAST, ATTEMPTS, NEXT, CREATED]

export function ItsDeliveries({ id }: { readonly id: string }) {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/webhooks/$id' })
  const status = oneOf(STATUSES, search.status)
  return (
    <>
      <Filters>
        <ChoiceFilter
          label="Status"
          value={status}
          onChange={(value) =>
            navigate({ search: defined({ ...search, status: value }), replace: true })
          }
          options={STATUSES.map((value) => [value, value] as const)}
        />
      </Filters>
      <Endless
        label="Deliveries to this webhook"
        query={deliveryList({ webhook: id, ...defined({ status }) })}
        columns={COLUMNS}
        rowKey={(delivery) => delivery.id}
        empty={
          <Empty
            icon={Send}
            title={status ? `None is ${status}` : 'Nothing has been sent to it yet'}
          >
            Events published from now on that match its event types show here.
          </Empty>
        }
      />
    </>
  )
}
