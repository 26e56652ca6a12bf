import { useMutation } from '@tanstack/react-query'
import type { ApiKey } from 'posthorn'
import { deleteKey, keysKey } from '../api/keys.ts'
import { queries } from '../api/queries.ts'
import { Confirm } from '../ui/confirm.tsx'
import { tell } from '../ui/toasts.tsx'

interface DeleteProps {
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

export function DeleteKey({ apiKey, onClose }: DeleteProps) {
  const remove = useMutation({
    mutationFn: () => deleteKey(apiKey.id),
    onSuccess: () => {
      queries.resetQueries({ queryKey: keysKey })
      tell('Deleted', 'Whoever signed in with it is signed out.')
      onClose()
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={`Delete the key “${apiKey.name}”?`}
      action="Delete"
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <p className="mb-2 text-muted">
        {apiKey.role} · {apiKey.tenant ?? 'all tenants'} ·{' '}
        <code className="break-all font-mono text-xs">{apiKey.id}</code>
      </p>
      Whatever uses it is refused from now on. This cannot be undone.
    </Confirm>
  )
}
