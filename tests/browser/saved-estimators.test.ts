// Models of every kind, trained in Node, saved, loaded in real Chromium: the same bits from the same
// WebAssembly file.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { familyNames } from '../../src/runs/model-families.js'
import { customersCsv } from '../customers.js'
import { findChromium, type OpenBrowser, openChromium } from './chromium.js'
import { type StaticServer, serve } from './static-server.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const page = (
  names: readonly string[],
) => `<!doctype html><meta charset="utf-8"><title>predicting</title>
<script type="importmap">{ "imports": {
  "athanor": "/dist/index.browser.js",
  "#platform": "/dist/platform/browser.js"
} }</script>
<script>globalThis.ATHANOR_ENV = { ATHANOR_ISA: 'simd128' }</script>
<script type="module">
  import { loadModel } from 'athanor'
  import { predictSaved } from '/programs/predict-saved.js'
  const files = ${JSON.stringify(Object.fromEntries(names.map(name => [name, `/models/${name}.athanor`])))}
  globalThis.result = predictSaved(loadModel, files).then(
    value => ({ value: JSON.stringify(value) }),
    error => ({ error: String(error.stack ?? error) }),
  )
</script>`

describe.skipIf(findChromium() === undefined)('saved models in Chromium', () => {
  let browser: OpenBrowser
  let server: StaticServer
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'athanor-saved-'))
    await writeFile(join(folder, 'customers.csv'), customersCsv())
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('predict what they predict in Node, bit for bit', async () => {
    const program = here('./programs/train-models.mjs')
    const env = { ...process.env, ATHANOR_EXECUTOR: 'wasm', ATHANOR_ISA: 'simd128' }
    const words = [program, join(folder, 'customers.csv'), folder, ...familyNames]
    const { stdout } = await promisify(execFile)(process.execPath, words, { env })
    const expected = JSON.parse(stdout) as Record<string, unknown>
    server = await serve(
      {
        '/dist/': here('../../dist'),
        '/programs/': here('./programs'),
        '/models/': folder,
      },
      { '/': page(Object.keys(expected)) },
    )
    const { page: tab, problems } = await browser.page()
    await tab.goto(server.origin)
    await tab.waitForFunction('globalThis.result !== undefined').catch(error => {
      throw new Error(problems.join('\n') || String(error))
    })
    const answer = (await tab.evaluate('globalThis.result')) as { value: string; error?: string }
    expect(answer.error).toBeUndefined()
    expect(problems).toEqual([])
    expect(JSON.parse(answer.value)).toEqual(expected)
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(2 * familyNames.length - 1)
  })
})
