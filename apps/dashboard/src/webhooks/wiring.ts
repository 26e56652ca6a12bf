import { Problem } from '../api/problem.ts'
import type { WebhookForm } from './form.ts'

export interface FieldsProps {
  readonly form: WebhookForm
  readonly onChange: (change: Partial<WebhookForm>) => void
  readonly error: Error | null
}

type Changed = { readonly target: { readonly value: string } }

/**
 * What a field of the form is given: its text, and what the API said about it. `path` is the API's name
 * for it, where that is another one.
 */
export function wire({ form, onChange, error }: FieldsProps) {
  return <Name extends keyof WebhookForm>(name: Name, path: string = name) => ({
    value: String(form[name]),
    error: messageAt(error, path),
    onChange: ({ target }: Changed) =>
      onChange({ [name]: target.value } as Partial<Record<Name, string>> as Partial<WebhookForm>),
  })
}

/** About the field itself, or what stands below it: `headers.x-a`, `eventTypes[0]`. */
function messageAt(error: Error | null, path: string): string | undefined {
  for (const { path: at, message } of errorsOf(error)) {
    if (at === path) return message
    if (at.startsWith(`${path}.`)) return `${at.slice(path.length + 1)}: ${message}`
    if (at.startsWith(`${path}[`)) return `${at.slice(path.length)}: ${message}`
  }
  return undefined
}

/** Whether something of these is wrong: where it is folded away, it has to be seen. */
export function concerns(error: Error | null, paths: readonly string[]): boolean {
  return errorsOf(error).some(({ path }) => paths.includes(path.split(/[.[]/, 1)[0] ?? ''))
}

const errorsOf = (error: Error | null) => (error instanceof Problem ? error.errors : [])
