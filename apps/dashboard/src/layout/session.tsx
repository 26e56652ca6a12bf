import { useQuery } from '@tanstack/react-query'
import { currentSession, type Session } from '../api/session.ts'

/** Who is signed in; below the layout somebody is. */
export function useSession(): Session {
  const { data } = useQuery(currentSession)
  return data ?? { role: 'viewer', name: '' }
}

/** What the role may do: what it may not is not offered. */
export function useMay() {
  const { role, tenant } = useSession()
  return {
    read: role !== 'publisher',
    change: role === 'admin',
    publish: role !== 'viewer',
    /** The key sees several tenants. */
    chooseTenant: !tenant,
  }
}
