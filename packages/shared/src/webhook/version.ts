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

export const formatVersion = (at: IndexVersion) => `${at.epoch}.${at.version}`
