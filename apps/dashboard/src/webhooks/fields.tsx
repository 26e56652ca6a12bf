import { useMay } from '../layout/session.tsx'
import { classes } from '../ui/classes.ts'
import { CheckField, TextArea, TextField } from '../ui/field.tsx'
import { CheckUrl } from './check-url.tsx'
import { ContentFields } from './content-fields.tsx'
import { DeliveryFields } from './delivery-fields.tsx'
import { Fold } from './fold.tsx'
import { concerns, type FieldsProps, wire } from './wiring.ts'

interface AllProps extends FieldsProps {
  readonly isNew: boolean
  /** A webhook keeps the tenant that it was made for. */
  readonly showTenant: boolean
}

const CONTENT = ['filter', 'format', 'signature', 'secret', 'headers']
const DELIVERY = [
  ...['timeoutMs', 'maxConcurrency', 'rateLimit', 'ordered', 'propagateTrace'],
  ...['retryPolicy', 'circuitBreaker', 'metadata'],
]

export function WebhookFields({ isNew, showTenant, ...props }: AllProps) {
  const text = wire(props)
  const { error } = props
  const { change, operate } = useMay()
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
      {change && <CheckUrl url={props.form.url} tenant={props.form.tenant} />}
      <TextArea
        label="Event types"
        {...text('eventTypes')}
        rows={2}
        required
        hint="Exact names, user.* for all below user, * for everything; separated by spaces or lines."
      />
      <div className={classes('grid gap-4', showTenant && 'sm:grid-cols-2')}>
        <TextField label="Name" {...text('name')} placeholder="CRM of Acme" />
        {showTenant && <TextField label="Tenant" {...text('tenant')} placeholder="default" />}
      </div>
      <TextField label="Description" {...text('description')} />
      <Fold title="What is sent" open={concerns(error, CONTENT)}>
        <ContentFields isNew={isNew} {...props} />
      </Fold>
      {operate && (
        <Fold title="How it is delivered" open={concerns(error, DELIVERY)}>
          <DeliveryFields {...props} />
          <CheckField
            label="Traces go along"
            hint="Attempts carry traceparent, where traces are exported: whoever gets it learns the id of your trace."
            checked={props.form.propagateTrace}
            onChange={(event) => props.onChange({ propagateTrace: event.target.checked })}
          />
          <TextArea
            label="Metadata, JSON"
            {...text('metadata')}
            rows={2}
            placeholder='{"team": "billing"}'
            hint="Names and texts of your own; never sent."
          />
        </Fold>
      )}
    </div>
  )
}
