import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { HALF_ON_PHONE } from '../list/filters.tsx'
import { classes } from '../ui/classes.ts'
import { TextField } from '../ui/field.tsx'

/** An event's own id opens it: there is only one in its tenant. */
export function FindById({ tenant }: { readonly tenant: string | undefined }) {
  const navigate = useNavigate()
  const [id, setId] = useState('')
  return (
    <form
      className={classes('min-w-0', HALF_ON_PHONE)}
      onSubmit={(event) => {
        event.preventDefault()
        const wanted = id.trim()
        if (wanted)
          navigate({ to: '/events/$id', params: { id: wanted }, search: tenant ? { tenant } : {} })
      }}
    >
      <TextField
        label="Open by id"
        className="w-52 max-sm:w-full"
        placeholder="id, then Enter"
        value={id}
        onChange={(event) => setId(event.target.value)}
      />
    </form>
  )
}
