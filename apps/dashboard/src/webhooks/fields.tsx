import { Problem } from '../api/problem.ts'
import { CheckField, SelectField, TextArea, TextField } from '../ui/field.tsx'
import type { WebhookForm } from './form.ts'

interface FieldsProps {
  readonly form: WebhookForm
  readonly onChange: (change: Partial<WebhookForm>) => void
  readonly error: Error | null
  readonly isNew: boolean
  /** A webhook keeps the tenant that it was made for. */
  readonly showTenant: boolean
}

type TextName = {
  [Name in keyof WebhookForm]: WebhookForm[Name] extends string ? Name : never
}[keyof WebhookForm]

export function WebhookFields({ form, onChange, error, isNew, showTenant }: FieldsProps) {
  const text = (name: Exclude<TextName, 'retry'>, path: string = name) => ({
    value: form[name],
    error: messageAt(error, path),
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
        hint="Exact names, user.* for all below user, * for everything; separated by spaces or lines."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Name" {...text('name')} placeholder="CRM of Acme" />
        {showTenant && <TextField label="Tenant" {...text('tenant')} placeholder="default" />}
      </div>
      <TextField label="Description" {...text('description')} />
      <details className="rounded-md border border-line px-3 py-2">
        <summary className="cursor-pointer font-medium">Delivery settings</summary>
        <div className="mt-3 flex flex-col gap-4 pb-1">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Timeout, ms"
              {...text('timeoutMs')}
              inputMode="numeric"
              placeholder="the installation's"
            />
            <TextField
              label="Requests at once"
              {...text('maxConcurrency')}
              inputMode="numeric"
              placeholder="no limit"
            />
            <TextField
              label="Rate limit, requests"
              {...text('rateLimit')}
              inputMode="numeric"
              placeholder="no limit"
            />
            <TextField label="… in any seconds" {...text('ratePeriod')} inputMode="numeric" />
          </div>
          <CheckField
            label="In order"
            hint="One event at a time, in the order in which they were accepted."
            checked={form.ordered}
            onChange={(event) => onChange({ ordered: event.target.checked })}
          />
          <TextArea
            label="Headers"
            {...text('headers')}
            rows={2}
            hint="One name: value a line. Values are secrets: *** keeps what is stored."
          />
          <Retry form={form} text={text} onChange={onChange} />
        </div>
      </details>
    </div>
  )
}

interface RetryProps extends Pick<FieldsProps, 'form' | 'onChange'> {
  readonly text: (
    name: Exclude<TextName, 'retry'>,
    path?: string,
  ) => object & {
    readonly error: string | undefined
  }
}

function Retry({ form, text, onChange }: RetryProps) {
  return (
    <>
      <SelectField
        label="Retries"
        value={form.retry}
        onChange={(event) => onChange({ retry: event.target.value as WebhookForm['retry'] })}
      >
        <option value="default">the installation's policy</option>
        <option value="exponential">exponential backoff</option>
        <option value="schedule">a schedule of delays</option>
      </SelectField>
      {form.retry === 'exponential' && (
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField label="First delay, s" {...text('initialDelay', 'retryPolicy')} />
          <TextField label="Factor" {...text('factor', 'retryPolicy')} />
          <TextField label="Longest delay, s" {...text('maxDelay', 'retryPolicy')} />
          <TextField label="Attempts" {...text('maxAttempts', 'retryPolicy')} />
          <TextField label="Jitter, 0 to 1" {...text('jitter', 'retryPolicy')} />
        </div>
      )}
      {form.retry === 'schedule' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Delays, s" {...text('delays', 'retryPolicy')} />
          <TextField label="Jitter, 0 to 1" {...text('jitter', 'retryPolicy')} />
        </div>
      )}
    </>
  )
}

/** What the API said about one field: its own path, or one below it. */
function messageAt(error: Error | null, path: string): string | undefined {
  if (!(error instanceof Problem)) return undefined
  return error.errors.find((each) => each.path.split(/[./[]/).filter(Boolean)[0] === path)?.message
}
