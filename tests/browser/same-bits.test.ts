// Nets of each kind trained in real Chromium get the bits that Node gets from the same WebAssembly file.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, type OpenBrowser, openChromium } from './chromium.js'
import { type StaticServer, serve } from './static-server.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// The built files are served as they are; the import map does what the package's exports do.
const page = `<!doctype html><meta charset="utf-8"><title>training</title>
<script type="importmap">{ "imports": {
  "athanor": "/dist/index.browser.js",
  "#platform": "/dist/platform/browser.js"
} }</script>
<script>globalThis.ATHANOR_ENV = { ATHANOR_ISA: 'simd128' }</script>
<script type="module">
  import * as athanor from 'athanor'
  import { trainEachKind, trainSmallNet } from '/programs/train-nets.js'
  const trained = async () => ({
    small: await trainSmallNet(athanor),
    kinds: await trainEachKind(athanor),
  })
  globalThis.result = trained().then(
    value => ({ value }),
    error => ({ error: String(error.stack ?? error) }),
  )
</script>`

describe.skipIf(findChromium() === undefined)('the WebAssembly executor in Chromium', () => {
  let browser: OpenBrowser
  let server: StaticServer
  beforeAll(async () => {
    server = await serve(
      { '/dist/': here('../../dist'), '/programs/': here('./programs') },
      { '/': page },
    )
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test('trains nets of each kind to the same bits as Node', async () => {
    const { page, problems } = await browser.page()
    await page.goto(server.origin)
    await page.waitForFunction('globalThis.result !== undefined').catch(error => {
      throw new Error(problems.join('\n') || String(error))
    })
    const inBrowser = (await page.evaluate('globalThis.result')) as {
      value?: object
      error?: string
    }
    expect(inBrowser.error).toBeUndefined()
    expect(problems).toEqual([])

    const program = here('./programs/train-in-node.mjs')
    const env = { ...process.env, ATHANOR_EXECUTOR: 'wasm', ATHANOR_ISA: 'simd128' }
    const { stdout } = await promisify(execFile)(process.execPath, [program], { env })
    expect(inBrowser.value).toEqual(JSON.parse(stdout))
  })
})
