import { hash, randomBytes } from 'node:crypto'

const RANDOM_BYTES = 32

/** What gives rights to whoever has it: a key, a session's id, a portal's token. It is kept nowhere. */
export const newBearer = (prefix = ''): string =>
  prefix + randomBytes(RANDOM_BYTES).toString('base64url')

/** What is kept in its place, in hex. Of 256 random bits a plain hash is enough: there is nothing to guess. */
export const digestOf = (bearer: string): string => hash('sha256', bearer, 'hex')

/**
 * Kept beside what the root key has made, so that another root key ends it. The bearer is unknown to whoever
 * reads Redis, so the root key cannot be guessed from this.
 */
export const proofOfRoot = (bearer: string, rootKey: string): string =>
  digestOf(`${bearer} ${rootKey}`)
