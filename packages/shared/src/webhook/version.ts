/**
 * The version of a tenant's webhooks. `version` grows by one with each change; `epoch` is another
 * one whenever Redis may have lost changes, and then nothing that was cached may be trusted.
 */
export interface IndexVersion {
  readonly epoch: string
  readonly version: number
}

/** Of a tenant without any webhook ever. */
export const NO_VERSION: IndexVersion = { epoch: '0', version: 0 }

/** Parses the value of the version key, `<epoch>.<n>`; null (no such key) is `0.0`. */
export function parseVersion(value: string | null | undefined): IndexVersion {
  if (!value) return NO_VERSION
  const dot = value.lastIndexOf('.')
  const version = Number(value.slice(dot + 1))
  if (dot < 1 || !Number.isSafeInteger(version)) throw new Error(`Not an index version: ${value}`)
  return { epoch: value.slice(0, dot), version }
}

/**
 * Whether a webhook was there when an event was published: one created after the event's version
 * takes no part in it. Holds across epochs, because a new epoch continues far above the old count.
 */
export function existedAt(webhook: { readonly createdVersion: number }, at: IndexVersion): boolean {
  return webhook.createdVersion <= at.version
}
