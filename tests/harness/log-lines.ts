import type { Service } from './service.ts'

/** The lines of a process' log with this message, as they were written. */
export const linesOf = ({ output }: Service, message: string): Record<string, unknown>[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === message)
