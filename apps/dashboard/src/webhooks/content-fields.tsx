import { SelectField, TextArea, TextField } from '../ui/field.tsx'
import { signatureOptions } from './signatures.tsx'
import { type FieldsProps, wire } from './wiring.ts'

interface ContentProps extends FieldsProps {
  readonly isNew: boolean
}

/** Which events, in which shape, and how whoever gets them knows that they are real. */
export function ContentFields({ isNew, ...props }: ContentProps) {
  const text = wire(props)
  return (
    <>
      <TextArea
        label="Filter, JSON"
        {...text('filter')}
        rows={3}
        placeholder='{"order": {"total": {"$gte": 100}}}'
        hint="Only events whose data fits are sent. Empty: all."
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label="Format" {...text('format')}>
          <option value="standard">Standard Webhooks</option>
          <option value="raw">the event’s data alone</option>
          <option value="cloudevents">CloudEvents 1.0, structured</option>
          <option value="cloudevents-binary">CloudEvents 1.0, binary</option>
          <option value="logto">as Logto sends it</option>
        </SelectField>
        <SelectField label="Signature" {...text('signature')}>
          {signatureOptions}
          <option value="custom">a header of its own</option>
        </SelectField>
      </div>
      {props.form.signature === 'custom' && <CustomSignature {...props} />}
      {isNew && (
        <TextField
          label="Secret"
          {...text('secret')}
          autoComplete="off"
          placeholder="made by Posthorn"
          hint="Only if the subscriber has one already."
        />
      )}
      <TextArea
        label="Headers"
        {...text('headers')}
        rows={2}
        placeholder="x-team: billing"
        hint={
          isNew
            ? 'One a line. Values are secrets.'
            : 'One a line. Values are secrets: *** keeps what is stored.'
        }
      />
    </>
  )
}

function CustomSignature(props: FieldsProps) {
  const text = wire(props)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField label="Its header" {...text('signatureHeader', 'signature.header')} />
      <TextField
        label="What is signed"
        {...text('signs', 'signature.signs')}
        hint="{body} once; {timestamp} and {id} where they are to stand."
      />
      <SelectField label="HMAC with" {...text('algorithm', 'signature.algorithm')}>
        <option value="sha256">SHA-256</option>
        <option value="sha512">SHA-512</option>
        <option value="sha1">SHA-1</option>
      </SelectField>
      <SelectField label="Written as" {...text('encoding', 'signature.encoding')}>
        <option value="hex">hex</option>
        <option value="base64">base64</option>
      </SelectField>
      <TextField
        label="Before it"
        {...text('prefix', 'signature.prefix')}
        placeholder="nothing, or sha256="
      />
    </div>
  )
}
