import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { createKey, keysKey } from '../api/keys.ts'
import { queries } from '../api/queries.ts'
import type { Role } from '../api/session.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Secret } from '../ui/secret.tsx'

interface CreateProps {
  readonly tenant: string | undefined
  readonly onClose: () => void
}

export function CreateKey({ tenant: given, onClose }: CreateProps) {
  const { chooseTenant } = useMay()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('publisher')
  const [tenant, setTenant] = useState(given ?? '')
  const create = useMutation({
    mutationFn: () =>
      createKey({ name: name.trim(), role, ...(tenant.trim() ? { tenant: tenant.trim() } : {}) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysKey }),
  })
  if (create.data)
    return (
      <Dialog open onClose={onClose} title="The key is ready" about="It is shown this once.">
        <Secret label={create.data.name} value={create.data.key} />
        <DialogActions>
          <Button onClick={onClose}>Done</Button>
        </DialogActions>
      </Dialog>
    )
  return (
    <Dialog open onClose={onClose} title="New API key">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <TextField
          label="Name"
          required
          autoFocus
          placeholder="sign-in service"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label="Role"
          value={role}
          onChange={(event) => setRole(event.target.value as Role)}
        >
          <option value="publisher">publisher: publishes, and nothing else</option>
          <option value="viewer">viewer: reads all but secrets</option>
          <option value="admin">admin: all</option>
        </SelectField>
        {chooseTenant && (
          <TextField
            label="Tenant"
            placeholder="all tenants"
            value={tenant}
            onChange={(event) => setTenant(event.target.value)}
          />
        )}
        {create.error && <ProblemNote error={create.error} />}
        <DialogActions>
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Create
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
