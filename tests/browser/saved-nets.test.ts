// Models of texts, language and speech that were trained in Node answer in real Chromium as they do there.

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
const examples = here('../../examples/data')
const recording = 'allison/seven.wav'

const page = `<!doctype html><meta charset="utf-8"><title>words</title>
<script type="importmap">{ "imports": {
  "athanor": "/dist/index.browser.js",
  "athanor/data": "/dist/data/index.js",
  "#platform": "/dist/platform/browser.js"
} }</script>
<script>globalThis.ATHANOR_ENV = { ATHANOR_ISA: 'simd128' }</script>
<script type="module">
  import { loadModel } from 'athanor'
  import { readWav } from 'athanor/data'
  import { answersOf } from '/programs/answer-words.js'
  const answer = async () => {
    const models = {}
    for (const kind of ['texts', 'language', 'speech'])
      models[kind] = await loadModel('/models/' + kind + '/model.athanor')
    const wav = await (await fetch('/sounds/${recording}')).arrayBuffer()
    return answersOf(models, readWav(new Uint8Array(wav), 'sound'))
  }
  globalThis.result = answer().then(
    value => ({ value }),
    error => ({ error: String(error.stack ?? error) }),
  )
</script>`

interface Answers {
  readonly classes: readonly {
    readonly prediction: string
    readonly probabilities: Readonly<Record<string, number>>
  }[]
  readonly text: string
  readonly heard: readonly number[]
  readonly transcripts: readonly string[]
}

describe.skipIf(findChromium() === undefined)('models of words in Chromium', () => {
  let browser: OpenBrowser
  let server: StaticServer
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'athanor-words-'))
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('answer as in Node', async () => {
    const env = { ...process.env, ATHANOR_EXECUTOR: 'wasm', ATHANOR_ISA: 'simd128' }
    const words = [
      here('./programs/train-words.mjs'),
      ...[examples, folder, join(examples, 'spoken-digits', recording)],
    ]
    const { stdout } = await promisify(execFile)(process.execPath, words, { env })
    const expected = JSON.parse(stdout) as Answers
    server = await serve(
      {
        '/dist/': here('../../dist'),
        '/programs/': here('./programs'),
        '/sounds/': join(examples, 'spoken-digits'),
        '/models/': folder,
      },
      { '/': page },
    )
    const { page: tab, problems } = await browser.page()
    await tab.goto(server.origin)
    await tab.waitForFunction('globalThis.result !== undefined').catch(error => {
      throw new Error(problems.join('\n') || String(error))
    })
    const answer = (await tab.evaluate('globalThis.result')) as { value: Answers; error?: string }
    expect(answer.error).toBeUndefined()
    expect(problems).toEqual([])
    const { classes, text, heard, transcripts } = answer.value
    expect(text).toBe(expected.text)
    expect(text.length).toBeGreaterThan(10)
    expect(transcripts).toEqual(expected.transcripts)
    expect(new Set(heard).size).toBeGreaterThan(50)
    heard.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.heard[i], 5)
    })
    for (const [i, { prediction, probabilities }] of classes.entries()) {
      expect(prediction).toBe(expected.classes[i].prediction)
      for (const [name, value] of Object.entries(probabilities))
        expect(value).toBeCloseTo(expected.classes[i].probabilities[name], 10)
    }
  })
})
