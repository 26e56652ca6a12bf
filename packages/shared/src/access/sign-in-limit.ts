import { signInsKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { takePerMinute } from './per-minute.ts'

/** Failed sign-ins of one address within the window, over all replicas. */
export const SIGN_INS_ALLOWED = 10

/** KEYS: counter. Without a failure there is no window: the next one begins with the next failure. */
const GIVE_BACK = defineScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return end
if redis.call('DECR', KEYS[1]) <= 0 then redis.call('DEL', KEYS[1]) end
`)

/**
 * Counted before the key is looked at, so that many guesses at once get no further than one by one; a
 * sign-in that succeeds is given back.
 */
export class SignInLimit {
  readonly #redis: RedisClient
  readonly #namespace: string

  constructor(redis: RedisClient, namespace: string) {
    this.#redis = redis
    this.#namespace = namespace
  }

  /** @returns for how many ms this address must wait; 0 when it may try now */
  take(address: string): Promise<number> {
    return takePerMinute(this.#redis, signInsKey(this.#namespace, address), SIGN_INS_ALLOWED)
  }

  async giveBack(address: string): Promise<void> {
    await GIVE_BACK.run(this.#redis, [signInsKey(this.#namespace, address)], [])
  }
}
