import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const own = join(root, '.posthorn')
/** What a running Posthorn keeps: data, keys, logs. */
export const home = resolve(process.env.POSTHORN_HOME || own)
/** A Redis fetched for this clone, whatever runs on it. */
export const redisFolder = join(own, 'redis')
/** A Prometheus fetched for the tests of this clone. */
export const prometheusFolder = join(own, 'prometheus')
/** A Chromium fetched for the tests of this clone. */
export const browserFolder = join(own, 'browser')
/** Helm, for the tests of the chart. */
export const helmFolder = join(own, 'helm')
export const dataFolder = join(home, 'data')
