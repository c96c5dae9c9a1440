// The packed package in a page that Vite built: it loads a model that Node trained and predicts what
// Node predicts.

import { execFile } from 'node:child_process'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { customersCsv } from '../customers.js'
import { installPacked, type PackedFolder } from '../packed-package.js'
import { findChromium, type OpenBrowser, openChromium } from './chromium.js'
import { type StaticServer, serve } from './static-server.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const trainAndPredict = `
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadModel, train } from 'athanor'
const run = await train('customers.csv', { target: 'churn', epochs: 5, out: 'runs', seed: 1 })
await copyFile(join(run.path, 'model.athanor'), 'site/model.athanor')
const model = await loadModel(run.path)
console.log(JSON.stringify(await model.predict([{ plan: 'pro', age: 31, city: '北京' }])))
`

interface Prediction {
  readonly prediction: string
  readonly probabilities: Record<string, number>
}

describe.skipIf(findChromium() === undefined)('a page built by Vite', () => {
  let packed: PackedFolder
  let browser: OpenBrowser
  let server: StaticServer
  beforeAll(async () => {
    packed = await installPacked()
    browser = await openChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    await packed?.remove()
  })

  test('loads a model file and predicts what Node predicts', async () => {
    const { folder } = packed
    await writeFile(join(folder, 'index.html'), '<script type="module" src="/page.js"></script>\n')
    await copyFile(here('./programs/predict-page.js'), join(folder, 'page.js'))
    await build({
      configFile: false,
      root: folder,
      logLevel: 'error',
      build: { outDir: 'site', target: 'es2022' },
    })
    await writeFile(join(folder, 'customers.csv'), customersCsv())
    await writeFile(join(folder, 'train.mjs'), trainAndPredict)
    const run = { cwd: folder, env: { ...process.env, ATHANOR_EXECUTOR: 'wasm' } }
    const { stdout } = await promisify(execFile)(process.execPath, ['train.mjs'], run)
    const [expected] = JSON.parse(stdout) as Prediction[]

    server = await serve({ '/': join(folder, 'site') }, {})
    const { page, problems } = await browser.page()
    await page.goto(`${server.origin}/index.html`)
    await page.waitForFunction('globalThis.result !== undefined').catch(error => {
      throw new Error(problems.join('\n') || String(error))
    })
    const answer = (await page.evaluate('globalThis.result')) as {
      value?: Prediction[]
      error?: string
    }
    expect(answer.error).toBeUndefined()
    expect(problems).toEqual([])
    const [got] = answer.value as Prediction[]
    expect(got?.prediction).toBe(expected?.prediction)
    for (const [name, probability] of Object.entries(expected?.probabilities ?? {}))
      expect(got?.probabilities[name]).toBeCloseTo(probability, 5)
  })
})
