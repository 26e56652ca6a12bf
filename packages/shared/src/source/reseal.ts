import { sourceContext, type Vault, VaultError } from '../webhook/vault.ts'
import type { StoredSource } from './source.ts'

/** The source with its secrets under the newest key, the very same one where nothing is to be done. */
export function resealedSource(
  source: StoredSource,
  vault: Vault,
): { source: StoredSource; left: number } {
  let left = 0
  const secrets = source.secrets.map((sealed) => {
    try {
      return vault.renew(sealed, sourceContext(source.id))
    } catch (error) {
      if (!(error instanceof VaultError)) throw error
      left++
      return sealed
    }
  })
  const isChanged = secrets.some((sealed, i) => sealed !== source.secrets[i])
  return { source: isChanged ? { ...source, secrets } : source, left }
}
