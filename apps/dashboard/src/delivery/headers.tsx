export function Headers({
  headers,
}: {
  readonly headers: Readonly<Record<string, string>> | undefined
}) {
  if (!headers)
    return (
      <p className="text-muted">
        Headers are kept for failed attempts and each webhook’s last 100 successes.
      </p>
    )
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 font-mono text-xs">
      {Object.entries(headers).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="break-all">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
