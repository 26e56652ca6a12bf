// Where Helm is on this machine, as JSON: {"command": …} or {"missing": why}. Built with Go where there is no other.
import { findHelm } from './helm/find.mjs'
import { helmFolder } from './launch/paths.mjs'

console.log(JSON.stringify(await findHelm({ folder: helmFolder, progress: console.error })))
