import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Published } from 'posthorn'
import { useState } from 'react'
import { eventsKey, publishEvent } from '../api/events.ts'
import { queries } from '../api/queries.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

interface PublishProps {
  readonly tenant: string | undefined
  readonly onClose: () => void
}

const EXAMPLE = '{\n  "id": "u_1",\n  "name": "Ada"\n}'

export function Publish({ tenant: given, onClose }: PublishProps) {
  const { read, chooseTenant } = useMay()
  const navigate = useNavigate()
  const [type, setType] = useState('user.created')
  const [tenant, setTenant] = useState(given ?? '')
  const [data, setData] = useState(EXAMPLE)
  const opened = (event: Published) => {
    queries.invalidateQueries({ queryKey: eventsKey })
    if (!read) return
    navigate({ to: '/events/$id', params: { id: event.id }, search: { tenant: event.tenant } })
  }
  const publish = useMutation({
    mutationFn: () => publishEvent({ type, dataText: data, tenant: tenant.trim() || undefined }),
    onSuccess: opened,
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title="Publish an event"
      about="It goes to every webhook of its tenant that wants its type, as if your service had published it."
      wide
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          publish.mutate()
        }}
      >
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Event type"
            required
            autoFocus
            value={type}
            onChange={(event) => setType(event.target.value)}
          />
          {chooseTenant && (
            <TextField
              label="Tenant"
              placeholder="default"
              value={tenant}
              onChange={(event) => setTenant(event.target.value)}
            />
          )}
        </div>
        <TextArea
          label="Data, JSON"
          rows={8}
          value={data}
          onChange={(event) => setData(event.target.value)}
        />
        {publish.error && <ProblemNote error={publish.error} />}
        {publish.data && !read && (
          <p role="status">
            Accepted as <code className="font-mono text-xs">{publish.data.id}</code>.
          </p>
        )}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={publish.isPending}>
            Publish
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
