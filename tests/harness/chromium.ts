import { type Browser, chromium } from 'playwright-core'
import { repositoryRoot } from './place.ts'

interface FoundBrowser {
  readonly command: string
  readonly env: Readonly<Record<string, string>>
}

interface FindBrowser {
  findBrowser(options: {
    folder: string
    progress: (line: string) => void
  }): Promise<FoundBrowser | undefined>
  readonly NO_BROWSER: string
}

// The scripts run before anything is installed, so they belong to no package: hence by path.
const find = (await import(`${repositoryRoot}/scripts/browser/find.mjs`)) as FindBrowser
export const { NO_BROWSER } = find
/** The distribution's Chromium; undefined where none can be had. */
export const found = await find.findBrowser({
  folder: `${repositoryRoot}/.posthorn/browser`,
  progress: (line) => console.error(line),
})

/** In a container there is no namespace for its sandbox, and little shared memory. */
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']

export async function launchChromium(): Promise<Browser> {
  if (!found) throw new Error(NO_BROWSER)
  return await chromium.launch({
    executablePath: found.command,
    env: { ...(process.env as Record<string, string>), ...found.env },
    args: ARGUMENTS,
  })
}

interface BuildDashboard {
  buildDashboard(progress: (line: string) => void): Promise<void>
}

/** Builds the dashboard if it does not stand there as its sources are; `npm test` has done so. */
export async function buildDashboard(): Promise<void> {
  const build = (await import(`${repositoryRoot}/scripts/dashboard/build.mjs`)) as BuildDashboard
  await build.buildDashboard((line) => console.error(line))
}
