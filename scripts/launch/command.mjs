import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where `name` is on PATH, or undefined. */
export function onPath(
  /** @type {string} */ name,
  /** @type {NodeJS.ProcessEnv} */ env = process.env,
) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      if (statSync(file).isFile()) return file
    } catch {
      // Not here.
    }
  }
  return undefined
}

/**
 * Runs a command to its end without a terminal or input and never throws: what could not be started
 * counts as failed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, onLine?: (line: string) => void }} [options]
 * @returns {Promise<{ ok: boolean, stdout: string, stderr: string }>}
 */
export function run(command, args, options = {}) {
  const { cwd, env = process.env, timeoutMs = 60_000, onLine } = options
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const timer = setTimeout(() => endGroup(child), timeoutMs)
    endWithUs(child)
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
      if (onLine) for (const line of text.split('\n')) if (line.trim() !== '') onLine(line.trim())
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', (error) => resolve({ ok: false, stdout, stderr: stderr + error.message }))
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ ok: code === 0, stdout, stderr })
    })
  })
}

/**
 * Ends a child that leads a process group, and all that it started, when this process ends first.
 *
 * @param {import('node:child_process').ChildProcess} child spawned with `detached`
 */
export function endWithUs(child) {
  const end = () => endGroup(child)
  process.on('exit', end)
  child.on('close', () => process.off('exit', end))
}

/** Ends what is left of the process group that a child leads, also after the child itself. */
export function endGroup(/** @type {import('node:child_process').ChildProcess} */ child) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    // It has just ended.
  }
}
