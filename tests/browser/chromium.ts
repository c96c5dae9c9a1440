// A real Chromium for tests: Debian's, or the one that CHROMIUM names. Where there is none the
// browser tests are skipped with one line, unless ATHANOR_FORBID_SKIPS=1 makes that a failure.

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of the browser to use, or undefined. */
export function findChromium(): string | undefined {
  const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : usualPlaces
  return places.find(path => existsSync(path))
}

export interface OpenBrowser {
  /** A fresh page that turns its uncaught errors and failed console output into `problems`. */
  page(): Promise<{ page: Page; problems: string[] }>
  close(): Promise<void>
}

/** Starts the browser with an empty profile that `close` removes. */
export async function openChromium(): Promise<OpenBrowser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('no Chromium found')
  const profile = await mkdtemp(join(tmpdir(), 'athanor-chromium-'))
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return {
    async page() {
      const page = await context.newPage()
      const problems: string[] = []
      page.on('pageerror', error => problems.push(error.stack ?? error.message))
      page.on('console', message => {
        if (message.type() === 'error') problems.push(message.text())
      })
      return { page, problems }
    },
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
