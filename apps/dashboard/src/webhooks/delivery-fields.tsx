import { CheckField, SelectField, TextField } from '../ui/field.tsx'
import { type FieldsProps, wire } from './wiring.ts'

/** How fast, in which order, and what happens when it fails. */
export function DeliveryFields(props: FieldsProps) {
  const { form, onChange } = props
  const text = wire(props)
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Timeout, ms"
          {...text('timeoutMs')}
          inputMode="numeric"
          placeholder="default"
        />
        <TextField
          label="Requests at once"
          {...text('maxConcurrency')}
          inputMode="numeric"
          placeholder="no limit"
        />
        <TextField
          label="Rate limit, requests"
          {...text('rateLimit', 'rateLimit.limit')}
          inputMode="numeric"
          placeholder="no limit"
        />
        <TextField
          label="Rate limit, within s"
          {...text('ratePeriod', 'rateLimit.periodSeconds')}
          inputMode="numeric"
        />
      </div>
      <CheckField
        label="In order"
        hint="One event at a time, in the order in which they were accepted."
        checked={form.ordered}
        onChange={(event) => onChange({ ordered: event.target.checked })}
      />
      <Retry {...props} />
      <Circuit {...props} />
    </>
  )
}

function Retry(props: FieldsProps) {
  const text = wire(props)
  const { retry } = props.form
  return (
    <>
      <SelectField label="Retries" {...text('retry', 'retryPolicy.type')}>
        <option value="default">the installation's policy</option>
        <option value="exponential">exponential backoff</option>
        <option value="schedule">a schedule of delays</option>
      </SelectField>
      {retry === 'exponential' && (
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField
            label="First delay, s"
            {...text('initialDelay', 'retryPolicy.initialDelaySeconds')}
          />
          <TextField label="Factor" {...text('factor', 'retryPolicy.factor')} />
          <TextField
            label="Longest delay, s"
            {...text('maxDelay', 'retryPolicy.maxDelaySeconds')}
          />
          <TextField label="Attempts" {...text('maxAttempts', 'retryPolicy.maxAttempts')} />
          <TextField label="Jitter, 0 to 1" {...text('jitter', 'retryPolicy.jitter')} />
        </div>
      )}
      {retry === 'schedule' && (
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Delays, s" {...text('delays', 'retryPolicy.delaysSeconds')} />
          <TextField label="Jitter, 0 to 1" {...text('jitter', 'retryPolicy.jitter')} />
        </div>
      )}
    </>
  )
}

function Circuit(props: FieldsProps) {
  const text = wire(props)
  const own = { inputMode: 'decimal', placeholder: 'default' } as const
  return (
    <>
      <SelectField
        label="Circuit breaker"
        {...text('circuit', 'circuitBreaker.enabled')}
        hint="Open, it sends one delivery at a time until one arrives; the others wait, and lose no attempt."
      >
        <option value="default">as the installation has it</option>
        <option value="on">on</option>
        <option value="off">off: failures are only retried</option>
      </SelectField>
      {props.form.circuit !== 'off' && (
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField
            label="Opens after failures"
            {...text('circuitFailures', 'circuitBreaker.failures')}
            {...own}
          />
          <TextField
            label="First probe after, s"
            {...text('probe', 'circuitBreaker.probeSeconds')}
            {...own}
          />
          <TextField
            label="Longest wait, s"
            {...text('maxProbe', 'circuitBreaker.maxProbeSeconds')}
            {...own}
          />
        </div>
      )}
    </>
  )
}
