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
    change: role === 'admin' || role === 'portal',
    publish: role === 'admin' || role === 'publisher',
    /** Sees how the installation goes about it: its tasks, say. */
    operate: role !== 'portal',
    /** The key sees several tenants. */
    chooseTenant: !tenant,
  }
}
