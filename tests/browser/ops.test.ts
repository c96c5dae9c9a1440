// Every op in real Chromium, values and gradients, against PyTorch in float64: the cases of the oracle that Node runs too.

import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, type OpenBrowser, openChromium } from './chromium.js'
import { type StaticServer, serve } from './static-server.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const cases = here('../../src/tensor/testing/oracle-cases.ts')

/** The runner of cases as a script over the built package, as a page loads it. */
async function runner(): Promise<string> {
  const bundle = await rolldown({
    input: cases,
    plugins: [
      {
        name: 'built package',
        resolveId: (id, importer) =>
          importer !== undefined && dirname(importer) === dirname(cases)
            ? { id: id.replace('../', '/dist/tensor/'), external: true }
            : null,
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  return output[0].code
}

const page = `<!doctype html><meta charset="utf-8"><title>ops</title>
<script type="importmap">{ "imports": {
  "athanor": "/dist/index.browser.js",
  "#platform": "/dist/platform/browser.js"
} }</script>
<script type="module">
  import 'athanor'
  import { compareCase } from '/runner.js'
  const found = async () => {
    const names = ['ops', 'windows']
    const files = await Promise.all(names.map(async name => (await fetch('/fixtures/' + name + '.json')).json()))
    const cases = files.flatMap(file => file.cases)
    const wrong = ['float64', 'float32'].flatMap(dtype => cases.flatMap((c, n) => compareCase(n, c, dtype)))
    return { cases: cases.length, wrong: wrong.slice(0, 20) }
  }
  globalThis.result = await found().catch(error => ({ error: String(error.stack ?? error) }))
</script>`

describe.skipIf(findChromium() === undefined)('the ops in Chromium', () => {
  let browser: OpenBrowser
  let server: StaticServer
  beforeAll(async () => {
    const script = await runner()
    server = await serve(
      { '/dist/': here('../../dist'), '/fixtures/': here('../../src/graph/fixtures') },
      { '/': page, '/runner.js': script },
    )
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  test('agree with the oracle', async () => {
    const { page, problems } = await browser.page()
    await page.goto(server.origin)
    await page.waitForFunction('globalThis.result !== undefined').catch(error => {
      throw new Error(problems.join('\n') || String(error))
    })
    const all = ['ops', 'windows'].map(name => {
      const file = readFileSync(here(`../../src/graph/fixtures/${name}.json`), 'utf8')
      return (JSON.parse(file) as { cases: unknown[] }).cases.length
    })
    expect(await page.evaluate('globalThis.result')).toEqual({
      cases: all[0] + all[1],
      wrong: [],
    })
    expect(problems).toEqual([])
  })
})
