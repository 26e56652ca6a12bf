// Preloaded by `--import`: says on stderr which packages of one scope a process has loaded.
import { registerHooks } from 'node:module'

const SCOPE = /\/node_modules\/(@opentelemetry\/[^/]+)\//
const said = new Set()

registerHooks({
  load(url, context, next) {
    const name = SCOPE.exec(url)?.[1]
    if (name && !said.has(name)) {
      said.add(name)
      process.stderr.write(`loaded ${name}\n`)
    }
    return next(url, context)
  },
})
