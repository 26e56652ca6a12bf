import { useMay } from '../layout/session.tsx'
import { Filters, TextFilter } from './filters.tsx'

/** For pages that know no other filter: nothing for who sees one tenant only. */
export function TenantFilters({
  tenant,
  placeholder,
  onChange,
  onClear,
}: {
  readonly tenant: string | undefined
  /** What is shown when none is given, where that is not every one. */
  readonly placeholder?: string | undefined
  readonly onChange: (tenant: string | undefined) => void
  readonly onClear: () => void
}) {
  const { chooseTenant } = useMay()
  if (!chooseTenant) return null
  return (
    <Filters onClear={tenant ? onClear : undefined}>
      <TextFilter label="Tenant" value={tenant} placeholder={placeholder} onChange={onChange} />
    </Filters>
  )
}
