import { classes } from '../ui/classes.ts'
import { SelectField } from '../ui/field.tsx'
import { HALF_ON_PHONE } from './filters.tsx'

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
      className={classes('w-34', HALF_ON_PHONE)}
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
