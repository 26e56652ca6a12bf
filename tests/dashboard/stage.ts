import type { Browser } from 'playwright-core'
import { buildDashboard, found, launchChromium, NO_BROWSER } from '../harness/chromium.ts'
import { type Posthorn, type PosthornOptions, startPosthorn } from '../harness/posthorn.ts'
import { Visit, type VisitOptions } from './visit.ts'

export const hasBrowser = found !== undefined
/** For the name of a suite that is skipped. */
export const why = hasBrowser ? '' : ` (${NO_BROWSER})`
export const SETUP_LIMIT_MS = 180_000

/** A real browser at a real API and worker. */
export class Stage {
  readonly posthorn: Posthorn
  readonly browser: Browser
  readonly #visits: Visit[] = []

  private constructor(posthorn: Posthorn, browser: Browser) {
    this.posthorn = posthorn
    this.browser = browser
  }

  static async set(options: PosthornOptions = {}): Promise<Stage> {
    await buildDashboard()
    return new Stage(await startPosthorn(options), await launchChromium())
  }

  async visit(options: VisitOptions = {}): Promise<Visit> {
    const started = await Visit.start(this.browser, this.posthorn.url, options)
    this.#visits.push(started)
    return started
  }

  /** The root key may do everything. */
  asAdmin = (options: VisitOptions = {}) => this.visit({ key: this.posthorn.key, ...options })

  /** Ends all visits; what went wrong in them. */
  async complaints(): Promise<string[]> {
    const visits = this.#visits.splice(0)
    for (const each of visits) await each.leave()
    return visits.flatMap((each) => each.complaints)
  }

  async strike(): Promise<void> {
    await this.browser.close()
    await this.posthorn.stop()
  }
}
