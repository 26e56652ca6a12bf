import { describe, expect, it } from 'vitest'
import { patternsFor, type Subscriber, SubscriptionIndex } from './match.ts'

function indexOf(...subscriptions: string[][]): SubscriptionIndex<Subscriber> {
  const index = new SubscriptionIndex<Subscriber>()
  subscriptions.forEach((eventTypes, i) => {
    index.set({ id: `wh_${i}`, eventTypes })
  })
  return index
}
const ids = (found: readonly Subscriber[]) => found.map(({ id }) => id)

describe('a subscription', () => {
  it.each<[pattern: string, type: string, matches: boolean]>([
    ['user.created', 'user.created', true],
    ['user.created', 'user.created.x', false],
    ['user.created', 'User.created', false],
    ['user.*', 'user.created', true],
    ['user.*', 'user.profile.changed', true],
    ['user.*', 'user', false],
    ['user.*', 'users.created', false],
    ['user.*', 'my.user.created', false],
    ['user.profile.*', 'user.profile.changed', true],
    ['user.profile.*', 'user.created', false],
    ['*', 'PostSignIn', true],
    ['*', 'a.b.c', true],
    ['PostSignIn', 'PostSignIn', true],
    ['PostSignIn', 'PostSignInX', false],
    ['constructor', 'constructor', true],
    ['__proto__', 'constructor', false],
  ])('%s on %s: %s', (pattern, type, matches) => {
    expect(indexOf([pattern]).match(type)).toHaveLength(matches ? 1 : 0)
  })

  it('that matches in several ways is found once', () => {
    const index = indexOf(['*', 'user.*', 'user.created', 'user.created'])
    expect(ids(index.match('user.created'))).toEqual(['wh_0'])
  })
})

describe('the index', () => {
  it('answers in the order of ids, however the webhooks came', () => {
    const index = new SubscriptionIndex<Subscriber>()
    for (const id of ['wh_3', 'wh_1', 'wh_2'])
      index.set({ id, eventTypes: [id === 'wh_2' ? '*' : 'a'] })
    expect(ids(index.match('a'))).toEqual(['wh_1', 'wh_2', 'wh_3'])
  })

  it('follows a change and a removal at once, also for a type it has remembered', () => {
    const index = indexOf(['a'], ['a'])
    expect(ids(index.match('a'))).toEqual(['wh_0', 'wh_1'])
    index.set({ id: 'wh_0', eventTypes: ['b'] })
    index.delete('wh_1')
    expect(ids(index.match('a'))).toEqual([])
    expect(ids(index.match('b'))).toEqual(['wh_0'])
    expect(index.size).toBe(1)
  })

  it('remembers within bounds when every event has another type', () => {
    const index = indexOf(...Array.from({ length: 1_000 }, () => ['*']))
    for (let i = 0; i < 2_000; i++) expect(index.match(`type.${i}`)).toHaveLength(1_000)
  })

  it('looks up a known type among 100,000 webhooks in microseconds', () => {
    const index = indexOf(...Array.from({ length: 100_000 }, (_, i) => [`type.${i % 1_000}`]))
    expect(index.match('type.7')).toHaveLength(100)
    const started = performance.now()
    for (let i = 0; i < 10_000; i++) index.match('type.7')
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

it('the patterns of a type are few and complete', () => {
  expect(patternsFor('a.b.c')).toEqual(['*', 'a.b.c', 'a.*', 'a.b.*'])
})
