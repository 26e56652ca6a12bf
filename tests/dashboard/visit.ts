import type { Browser, BrowserContext, Page } from 'playwright-core'

export type Theme = 'light' | 'dark'

export interface VisitOptions {
  readonly theme?: Theme
  readonly width?: number
  readonly height?: number
  /** Who comes; nobody when absent. */
  readonly key?: string
}

/** One browser profile at the dashboard, and everything that went wrong in it. */
export class Visit {
  readonly page: Page
  /** Errors of scripts and what the Content-Security-Policy refused: there is to be none. */
  readonly complaints: string[]
  readonly #context: BrowserContext
  readonly #url: string

  private constructor(url: string, context: BrowserContext, page: Page, complaints: string[]) {
    this.#url = url
    this.#context = context
    this.page = page
    this.complaints = complaints
  }

  static async start(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      colorScheme: options.theme ?? 'light',
      locale: 'en-GB',
      timezoneId: 'UTC',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)))
    page.on('console', (message) => {
      // What the API refuses is logged by the browser itself, and shown by the page.
      const isAnswer = /Failed to load resource/.test(message.text())
      if (message.type() === 'error' && !isAnswer) complaints.push(message.text())
    })
    const visit = new Visit(url, context, page, complaints)
    if (options.key !== undefined) await visit.#enter(options.key)
    return visit
  }

  /** Signs in as the page does, without going through its form. */
  async #enter(key: string): Promise<void> {
    const answer = await this.#context.request.post(`${this.#url}/v1/session`, {
      data: { key },
      headers: { origin: this.#url },
    })
    if (!answer.ok()) throw new Error(`Signing in: ${answer.status()} ${await answer.text()}`)
  }

  /** Opens a page and waits until it shows what it read. */
  async open(path: string): Promise<void> {
    await this.page.goto(this.#url + path)
    await this.settled()
  }

  async settled(): Promise<void> {
    await this.page.locator('h1').first().waitFor()
    await this.page.getByText('Reading…').first().waitFor({ state: 'detached' })
    // Charts come by themselves, a little later.
    await this.page.locator('div[aria-busy="true"]').first().waitFor({ state: 'detached' })
  }

  /** Waits until this is to be read. */
  async see(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Presses Tab until the focus is on what has this name. */
  async tabTo(name: string | RegExp): Promise<void> {
    const most = 60
    for (let n = 0; n < most; n += 1) {
      await this.press('Tab')
      if (await this.#focusIsOn(name)) return
    }
    throw new Error(`Tab does not lead to ${name} within ${most} steps`)
  }

  async #focusIsOn(name: string | RegExp): Promise<boolean> {
    const seen = String(
      await this.page.evaluate(`(() => {
        const focused = document.activeElement
        const label = focused?.labels?.[0]?.innerText
        return focused?.getAttribute('aria-label') ?? label ?? focused?.innerText ?? ''
      })()`),
    ).trim()
    return typeof name === 'string' ? seen === name : name.test(seen)
  }

  async leave(): Promise<void> {
    await this.#context.close()
  }
}
