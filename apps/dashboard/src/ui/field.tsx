import { ChevronDown } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

const BOX =
  'w-full rounded-md border border-strong bg-raised px-2.5 text-ink text-sm disabled:opacity-60 aria-invalid:border-bad'

interface FrameProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  /** Of the whole field: its width. */
  readonly className?: string | undefined
}

interface Wiring {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

function Frame({
  label,
  hint,
  error,
  className,
  control,
}: FrameProps & { readonly control: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const said = hint || error ? { 'aria-describedby': `${id}-about` } : {}
  return (
    <div className={classes('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="label">
        {label}
      </label>
      {control({ id, ...said, ...(error ? { 'aria-invalid': true as const } : {}) })}
      {(hint || error) && (
        <p id={`${id}-about`} className={classes('text-xs', error ? 'text-bad' : 'text-muted')}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

export function TextField({
  label,
  hint,
  error,
  className,
  ...rest
}: FrameProps & Omit<ComponentProps<'input'>, 'className'>) {
  return (
    <Frame
      label={label}
      hint={hint}
      error={error}
      className={className}
      control={(wiring) => <input {...wiring} {...rest} className={classes(BOX, 'h-8')} />}
    />
  )
}

export function TextArea({
  label,
  hint,
  error,
  className,
  ...rest
}: FrameProps & Omit<ComponentProps<'textarea'>, 'className'>) {
  return (
    <Frame
      label={label}
      hint={hint}
      error={error}
      className={className}
      control={(wiring) => (
        <textarea
          rows={5}
          spellCheck={false}
          {...wiring}
          {...rest}
          className={classes(BOX, 'py-1.5 font-mono')}
        />
      )}
    />
  )
}

export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...rest
}: FrameProps & Omit<ComponentProps<'select'>, 'className'>) {
  return (
    <Frame
      label={label}
      hint={hint}
      error={error}
      className={className}
      control={(wiring) => (
        <span className="relative">
          <select
            {...wiring}
            {...rest}
            className={classes(BOX, 'h-8 appearance-none text-ellipsis pr-8')}
          >
            {children}
          </select>
          <ChevronDown
            aria-hidden="true"
            className="pointer-events-none absolute top-2 right-2 size-4 text-muted"
          />
        </span>
      )}
    />
  )
}

export function CheckField({
  label,
  hint,
  ...rest
}: FrameProps & Omit<ComponentProps<'input'>, 'className'>) {
  const id = useId()
  return (
    <div className="flex items-start gap-2">
      <input id={id} type="checkbox" {...rest} className="mt-0.5 size-4 accent-accent" />
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint && <p className="text-muted text-xs">{hint}</p>}
      </div>
    </div>
  )
}
