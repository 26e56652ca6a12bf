import { Problem } from '../api/problem.ts'
import { TextArea, TextField } from '../ui/field.tsx'
import type { OwnForm } from './form.ts'

interface FieldsProps {
  readonly form: OwnForm
  readonly onChange: (change: Partial<OwnForm>) => void
  readonly error: Error | null
  readonly isNew: boolean
}

/** What a visitor may set: the receiver's side of a webhook. */
export function OwnFields({ form, onChange, error, isNew }: FieldsProps) {
  const text = (name: keyof OwnForm) => ({
    value: form[name],
    error: messageAt(error, name),
    onChange: (event: { readonly target: { readonly value: string } }) =>
      onChange({ [name]: event.target.value }),
  })
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label="URL"
        {...text('url')}
        type="url"
        required
        autoFocus={isNew}
        placeholder="https://example.com/webhooks"
      />
      <TextArea
        label="Event types"
        {...text('eventTypes')}
        rows={2}
        required
        hint="Exact names, user.* for all below user, or * for all; one a line."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Name" {...text('name')} />
        <TextField label="Description" {...text('description')} />
      </div>
      <TextArea
        label="Headers"
        {...text('headers')}
        rows={2}
        hint="One name: value a line, sent with every request. Values are secrets: *** keeps what is stored."
      />
    </div>
  )
}

/** What the API said about one field: its own path, or one below it. */
function messageAt(error: Error | null, path: string): string | undefined {
  if (!(error instanceof Problem)) return undefined
  return error.errors.find((each) => each.path.split(/[./[]/).filter(Boolean)[0] === path)?.message
}
