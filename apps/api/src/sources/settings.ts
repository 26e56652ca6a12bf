import { inputProblem } from '@posthorn/shared/error/problem.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import type { SourceInput, SourcePatch } from '@posthorn/shared/source/schema.ts'
import type { StoredSource } from '@posthorn/shared/source/source.ts'
import { MASK } from '@posthorn/shared/webhook/schema.ts'
import { sourceContext, type Vault } from '@posthorn/shared/webhook/vault.ts'
import { checkScheme } from './scheme.ts'

/** A new source with its secrets sealed. Throws 422 `invalid_input`. */
export function newSource(
  input: SourceInput,
  tenant: string,
  vault: Vault,
  nowMs: number,
): StoredSource {
  const { name, type, secrets = [], eventType, hmac } = input
  const id = newId('src', nowMs)
  if (secrets.includes(MASK)) throw inputProblem('secrets', `"${MASK}" hides a value, it is none`)
  checkScheme({ type, hmac }, secrets)
  return {
    id,
    name,
    type,
    tenant,
    secrets: secrets.map((secret) => vault.seal(secret, sourceContext(id))),
    ...(eventType === undefined ? {} : { eventType }),
    ...(hmac === undefined ? {} : { hmac }),
    createdAt: nowMs,
    updatedAt: nowMs,
  }
}

/** The source as it is to become. Throws 422 `invalid_input`, and VaultError. */
export function patchedSource(
  current: StoredSource,
  patch: SourcePatch,
  vault: Vault,
  nowMs: number,
): StoredSource {
  if (Object.keys(patch).length === 0) return current
  const next: Record<string, unknown> = { ...current, updatedAt: nowMs }
  if (patch.name !== undefined) next.name = patch.name
  if (patch.secrets !== undefined) next.secrets = sealed(current, patch.secrets, vault)
  for (const field of ['eventType', 'hmac'] as const) {
    if (patch[field] === null) delete next[field]
    else if (patch[field] !== undefined) next[field] = patch[field]
  }
  const source = next as unknown as StoredSource
  if (patch.secrets !== undefined || patch.hmac !== undefined) {
    const context = sourceContext(source.id)
    checkScheme(
      source,
      source.secrets.map((secret) => vault.open(secret, context)),
    )
  }
  return source
}

/**
 * The nth mask stands for the nth secret that there is and that is not named anew: so the same patch
 * twice, by a client that did not hear the first answer, says the same.
 */
function sealed(current: StoredSource, secrets: readonly string[], vault: Vault): string[] {
  const context = sourceContext(current.id)
  const hasMask = secrets.includes(MASK)
  const kept = hasMask
    ? current.secrets.filter((secret) => !secrets.includes(vault.open(secret, context)))
    : []
  return secrets.map((secret) => {
    if (secret !== MASK) return vault.seal(secret, context)
    const old = kept.shift()
    if (old === undefined) throw inputProblem('secrets', `"${MASK}" hides a value, it is none`)
    return old
  })
}
