// A picture model trained in Node answers in real Chromium: from pixels the same (but for the last bit of Math.exp,
// which is the browser's own), from a picture file, which the browser decodes itself, nearly so.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, type OpenBrowser, openChromium } from './chromium.js'
import { type StaticServer, serve } from './static-server.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const clothes = here('../../examples/data/fashion-mnist-tiny')

const page = (picture: object) => `<!doctype html><meta charset="utf-8"><title>pictures</title>
<script type="importmap">{ "imports": {
  "athanor": "/dist/index.browser.js",
  "#platform": "/dist/platform/browser.js"
} }</script>
<script>globalThis.ATHANOR_ENV = { ATHANOR_ISA: 'simd128' }</script>
<script type="module">
  import { loadModel } from 'athanor'
  const answer = async () => {
    const model = await loadModel('/models/model.athanor')
    const { pixels, ...size } = ${JSON.stringify(picture)}
    const file = await (await fetch('/clothes/bag/1.png')).arrayBuffer()
    const answers = await model.predict([
      { pixels: Uint8Array.from(pixels), ...size },
      new Uint8Array(file),
    ])
    return JSON.stringify(answers)
  }
  globalThis.result = answer().then(
    value => ({ value }),
    error => ({ error: String(error.stack ?? error) }),
  )
</script>`

interface Answer {
  readonly prediction: string
  readonly probabilities: Readonly<Record<string, number>>
}

describe.skipIf(findChromium() === undefined)('a picture model in Chromium', () => {
  let browser: OpenBrowser
  let server: StaticServer
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'athanor-pictures-'))
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('answers as in Node', async () => {
    const env = { ...process.env, ATHANOR_EXECUTOR: 'wasm', ATHANOR_ISA: 'simd128' }
    const words = [
      here('./programs/train-pictures.mjs'),
      clothes,
      folder,
      join(clothes, 'bag/1.png'),
    ]
    const { stdout } = await promisify(execFile)(process.execPath, words, { env })
    const { answers: expected, ...picture } = JSON.parse(stdout)
    server = await serve(
      {
        '/dist/': here('../../dist'),
        '/clothes/': clothes,
        '/models/': join(folder, 'pictures'),
      },
      { '/': page(picture) },
    )
    const { page: tab, problems } = await browser.page()
    await tab.goto(server.origin)
    await tab.waitForFunction('globalThis.result !== undefined').catch(error => {
      throw new Error(problems.join('\n') || String(error))
    })
    const answer = (await tab.evaluate('globalThis.result')) as { value: string; error?: string }
    expect(answer.error).toBeUndefined()
    expect(problems).toEqual([])
    const answers = JSON.parse(answer.value) as Answer[]
    for (const [i, most] of [1e-12, 0.01].entries()) {
      expect(answers[i].prediction).toBe(expected[i].prediction)
      for (const [name, value] of Object.entries(answers[i].probabilities))
        expect(Math.abs(value - expected[i].probabilities[name])).toBeLessThan(most)
    }
  })
})
