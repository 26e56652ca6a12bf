// Where Helm is on this machine, as JSON: {"command": …} or {"missing": why}. With --build
// it is built with Go where there is no other.
import { findHelm } from './helm/find.mjs'
import { helmFolder } from './launch/paths.mjs'

const build = process.argv.includes('--build')
const found = await findHelm({ folder: helmFolder, build, progress: console.error })
console.log(JSON.stringify(found))
if (build && 'missing' in found) process.exitCode = 1
