import { bodies } from './bodies.ts'
import { breaks } from './breaks.ts'
import type { HostileCase } from './case.ts'
import { handshakes } from './handshakes.ts'
import { heads } from './heads.ts'
import { names } from './names.ts'
import { statuses } from './statuses.ts'

/** Every receiver that must not harm anything but its own delivery. */
export const CORPUS: readonly HostileCase[] = [
  ...statuses,
  ...heads,
  ...bodies,
  ...breaks,
  ...handshakes,
  ...names,
]
