import { METADATA, REGISTRY, samples } from './registry.ts'
import { embeddingsOfV4, spellingsOfV4, spellingsOfV6 } from './spellings.ts'

/** Tried in every spelling and every embedding: loopback first, where a sentinel can listen. */
const TARGETS = [
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.100.100.200',
]

/** Two that everybody may reach, beside which a forbidden address may hide. */
const PUBLIC_V4 = '93.184.216.34'
const PUBLIC_V6 = '2606:2800:220:1:248:1893:25c8:1946'

const isV6 = (address: string): boolean => address.includes(':')

const plain = [...TARGETS, ...METADATA, ...REGISTRY.flatMap(samples)]
const translated = plain
  .filter((address) => !isV6(address))
  .flatMap((address) => [`::ffff:${address}`, `64:ff9b::${address}`])

/** Addresses that no webhook may reach, each once. */
const FORBIDDEN: readonly string[] = [
  ...new Set([...plain, ...translated, ...TARGETS.flatMap(embeddingsOfV4)]),
]

/**
 * What stands between `http://` and the port or path of a URL and must not lead to a forbidden address:
 * some are no URL at all, some are refused for their credentials, some are names that do not exist.
 */
export const HOSTS: readonly string[] = [
  ...new Set([
    ...TARGETS.flatMap(spellingsOfV4),
    ...FORBIDDEN.flatMap((address) => (isV6(address) ? spellingsOfV6(address) : [address])),
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'loc\u00adalhost',
    '\uff4cocalhost',
    'l\u24decalhost',
    '[::1]',
    '[::]',
    '[v1.127.0.0.1]',
    '[127.0.0.1]',
    '0',
    '127.1',
    '127.0.1',
  ]),
]

/** What a name server answers: a forbidden address alone, or among others, first or last. */
export const ANSWERS: readonly (readonly string[])[] = FORBIDDEN.flatMap((address) => {
  const other = isV6(address) ? PUBLIC_V6 : PUBLIC_V4
  return [[address], [other, address], [address, isV6(address) ? PUBLIC_V4 : PUBLIC_V6]]
})
