#!/usr/bin/env node
import { exitCodeOf, sayFailure } from './output/failure.ts'
import { buildProgram } from './program.ts'

// Whoever reads our output may go first (`posthorn tail | head`).
process.stdout.on('error', () => process.exit(0))

const program = buildProgram()
try {
  await program.parseAsync()
} catch (error) {
  sayFailure(error, program.opts().json === true)
  process.exitCode = exitCodeOf(error)
}
