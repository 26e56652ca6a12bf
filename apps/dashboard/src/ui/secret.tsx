import { CopyButton } from './copy.tsx'

/** A value that is shown now, to be copied and kept elsewhere. */
export function Secret({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <p className="label mb-1">{label}</p>
      <div className="flex items-center gap-2 rounded-md border border-line bg-canvas p-2">
        <code className="min-w-0 flex-1 break-all font-mono text-xs">{value}</code>
        <CopyButton text={value} label="Copy" small />
      </div>
    </div>
  )
}
