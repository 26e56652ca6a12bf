// The package's entry for those who only verify: nothing here needs BullMQ.
// biome-ignore-all lint/performance/noBarrelFile: a package's entry is its face

export { type Arrival, arrivalOf } from './scheme/arrival.ts'
export { basic, bearer, none } from './scheme/credential.ts'
export { github } from './scheme/github.ts'
export { type HmacOptions, hmac } from './scheme/hmac.ts'
export { logto } from './scheme/logto.ts'
export type { Reply, Scheme, Secrets, SignatureFault } from './scheme/scheme.ts'
export { shopify } from './scheme/shopify.ts'
export { ALGORITHMS, type Algorithm, ENCODINGS, type Encoding } from './scheme/signed.ts'
export { slack } from './scheme/slack.ts'
export { standardWebhooks } from './scheme/standard-webhooks.ts'
export { stripe } from './scheme/stripe.ts'
