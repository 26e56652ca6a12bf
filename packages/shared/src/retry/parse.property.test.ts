import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRetryPolicy, RetryPolicyTextError } from './parse.ts'
import { retryPolicySchema } from './policy.ts'

const NUM_RUNS = 2_000

const part = fc.oneof(
  fc
    .tuple(fc.nat(100), fc.constantFrom('ms', 's', 'm', 'h', 'd', ''))
    .map((parts) => parts.join('')),
  fc.constantFrom(
    'max=24h',
    'attempts=12',
    'attempts=1.5',
    'jitter=0.2',
    'jitter=2',
    'x3',
    'x',
    '',
  ),
  fc.constantFrom('max=', 'max=9999999d', '__proto__=1', 'x-1', '1e3s', '-5s', ' 5s ', 'Infinitys'),
  fc.string({ maxLength: 4 }),
)
const policyText = fc
  .tuple(fc.constantFrom('exponential', 'schedule', '', 'Schedule', ' schedule '), fc.array(part))
  .map(([kind, parts]) => `${kind}:${parts.join(',')}`)

test('any text is a policy that a webhook could have, or is refused with its reason', () => {
  const texts = fc.oneof({ weight: 4, arbitrary: policyText }, fc.string({ unit: 'binary' }))
  const property = fc.property(texts, (text) => {
    try {
      const policy = parseRetryPolicy(text)
      expect(retryPolicySchema.parse(policy)).toEqual(policy)
    } catch (error) {
      expect(error).toBeInstanceOf(RetryPolicyTextError)
    }
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})
