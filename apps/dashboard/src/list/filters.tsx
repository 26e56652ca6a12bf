import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { SelectField, TextField } from '../ui/field.tsx'

/** Two in a row on a phone, of one width; the last alone takes all of it. */
export const HALF_ON_PHONE = 'max-sm:grow max-sm:basis-[calc(50%-0.25rem)]'

/** A row of filters; each of them lives in the URL. */
export function Filters({
  children,
  onClear,
}: {
  readonly children: ReactNode
  /** Absent when nothing is filtered. */
  readonly onClear?: (() => void) | undefined
}) {
  return (
    <search aria-label="Filters" className="flex flex-wrap items-end gap-2">
      {children}
      {onClear && (
        <Button look="quiet" onClick={onClear}>
          <X aria-hidden="true" /> Clear
        </Button>
      )}
    </search>
  )
}

interface FilterProps {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

const TYPED_MS = 300

/** Takes effect a moment after the last key, or at once with Enter. */
export function TextFilter({
  label,
  value,
  placeholder = 'any',
  onChange,
}: FilterProps & { readonly placeholder?: string | undefined }) {
  const [text, setText] = useState(value ?? '')
  useEffect(() => setText(value ?? ''), [value])
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === (value ?? '')) return
    const timer = setTimeout(() => onChange(wanted || undefined), TYPED_MS)
    return () => clearTimeout(timer)
  }, [text, value, onChange])
  return (
    <TextField
      label={label}
      value={text}
      className={classes('w-32', HALF_ON_PHONE)}
      placeholder={placeholder}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && onChange(text.trim() || undefined)}
    />
  )
}

export function ChoiceFilter({
  label,
  value,
  onChange,
  options,
}: FilterProps & { readonly options: readonly (readonly [value: string, label: string])[] }) {
  return (
    <SelectField
      label={label}
      value={value ?? ''}
      className={classes('w-30', HALF_ON_PHONE)}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">any</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </SelectField>
  )
}
