import { SelectField } from '../ui/field.tsx'

const HOUR_MS = 3_600_000
const CHOICES = [
  ['1', 'last hour'],
  ['24', 'last 24 hours'],
  ['168', 'last 7 days'],
] as const

interface SinceFilterProps {
  readonly value: string | undefined
  readonly onChange: (since: string | undefined) => void
}

/** From when on. The URL holds the moment itself, so that a shared link keeps its meaning. */
export function SinceFilter({ value, onChange }: SinceFilterProps) {
  const chosen = value ? new Date(value) : undefined
  return (
    <SelectField
      label="Since"
      className="w-34 max-sm:grow"
      value={value ?? ''}
      onChange={(event) => {
        const hours = Number(event.target.value)
        onChange(hours ? new Date(Date.now() - hours * HOUR_MS).toISOString() : undefined)
      }}
    >
      <option value="">any time</option>
      {value && <option value={value}>{chosen?.toLocaleString()}</option>}
      {CHOICES.map(([hours, label]) => (
        <option key={hours} value={hours}>
          {label}
        </option>
      ))}
    </SelectField>
  )
}
