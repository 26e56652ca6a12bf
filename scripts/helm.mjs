// Prints where Helm is on this machine. With --build it is built with Go where there is no other.
import { findHelm } from './helm/find.mjs'
import { helmFolder } from './launch/paths.mjs'

const build = process.argv.includes('--build')
const found = await findHelm({ folder: helmFolder, build, progress: console.error })
if ('missing' in found) {
  console.error(found.missing)
  process.exitCode = 1
} else console.log(found.command)
