import { prettyJson } from '../format/exact-json.ts'
import { CopyButton } from './copy.tsx'

/** Text of a machine: JSON is indented, anything else stays as it is. */
export function Code({ label, text }: { readonly label: string; readonly text: string }) {
  const shown = prettyJson(text)
  return (
    <figure className="min-w-0">
      <figcaption className="label flex items-center justify-between">
        {label}
        <CopyButton text={text} label={`Copy: ${label}`} small />
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className="max-h-96 overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-canvas p-2.5 font-mono text-xs leading-5"
      >
        {shown}
      </pre>
    </figure>
  )
}
