import { fileURLToPath } from 'node:url'

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** The pinned Node of the workspace, a plain binary: a signal sent to it reaches the program. */
export const nodeBinary = `${repositoryRoot}/node_modules/.bin/node`
