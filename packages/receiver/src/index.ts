// The package's main entry: what is not named here is not part of it.
// biome-ignore-all lint/performance/noBarrelFile: a package has one face

export type { JobData, Received } from './receive/received.ts'
export {
  type Answer,
  createReceiver,
  type Outcome,
  type Receiver,
  type ReceiverOptions,
} from './receive/receiver.ts'
export { github } from './scheme/github.ts'
export { type HmacOptions, hmac } from './scheme/hmac.ts'
export { logto } from './scheme/logto.ts'
export type { Scheme, Secrets, SignatureFault } from './scheme/scheme.ts'
export { shopify } from './scheme/shopify.ts'
export { slack } from './scheme/slack.ts'
export { standardWebhooks } from './scheme/standard-webhooks.ts'
export { stripe } from './scheme/stripe.ts'
export type { Step } from './work/steps.ts'
export { createWorker, type Handler, type ReceivedEvent } from './work/worker.ts'
