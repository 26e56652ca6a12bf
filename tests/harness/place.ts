import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** The pinned Node of the workspace, a plain binary: a signal sent to it reaches the program. */
export const nodeBinary = `${repositoryRoot}/node_modules/.bin/node`

/** The machine's own Node, 20 or newer: what is published must run on that one. */
export const machineNode =
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find(existsSync) ?? nodeBinary
