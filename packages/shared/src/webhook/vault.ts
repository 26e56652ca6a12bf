import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'

const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const FORMAT = 'v1'

/** What is sealed cannot be opened. Carries neither the value nor a key. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
}

/**
 * Secrets at rest: AES-256-GCM, `v1.<key id>.<base64url of iv, ciphertext and tag>`. The first key
 * seals, each of them opens, so a new key is put in front and the old one leaves once all is
 * sealed anew. `context` (which webhook, which field) is authenticated: a sealed value moved to
 * another place does not open.
 */
export class Vault {
  readonly #keys: ReadonlyMap<string, Buffer>
  readonly #newest: string

  /** `keys`: 32 bytes each, newest first, at least one. */
  constructor(keys: readonly Buffer[]) {
    if (keys.length === 0 || keys.some((key) => key.length !== KEY_BYTES)) {
      throw new VaultError(
        `Encryption keys have ${KEY_BYTES} bytes each, and there is at least one`,
      )
    }
    this.#keys = new Map(keys.map((key) => [keyId(key), key]))
    this.#newest = keyId(keys[0] as Buffer)
  }

  seal(value: string, context: string): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#keys.get(this.#newest) as Buffer, iv)
    cipher.setAAD(Buffer.from(context))
    const bytes = [iv, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]
    return [FORMAT, this.#newest, Buffer.concat(bytes).toString('base64url')].join('.')
  }

  /** Throws `VaultError`. */
  open(sealed: string, context: string): string {
    const [format, id = '', text = ''] = sealed.split('.')
    const key = this.#keys.get(id)
    const bytes = Buffer.from(text, 'base64url')
    if (format !== FORMAT || bytes.length < IV_BYTES + TAG_BYTES)
      throw new VaultError('Not a sealed value')
    if (!key) throw new VaultError(`No key with id ${id} in POSTHORN_ENCRYPTION_KEYS`)
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    try {
      const plain = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES))
      return Buffer.concat([plain, decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new VaultError('A sealed value was changed or moved', { cause })
    }
  }

  /** Seals anew what an older key sealed; what the newest sealed stays as it is. */
  renew(sealed: string, context: string): string {
    if (sealed.startsWith(`${FORMAT}.${this.#newest}.`)) return sealed
    return this.seal(this.open(sealed, context), context)
  }
}

/** Tells keys apart without telling anything of them. */
const keyId = (key: Buffer) => hash('sha256', key, 'hex').slice(0, 8)

export const secretContext = (webhookId: string) => `${webhookId} secret`
export const headerContext = (webhookId: string, name: string) =>
  `${webhookId} header ${name.toLowerCase()}`
export const sourceContext = (sourceId: string) => `${sourceId} secret`
