// The report: everything escaped, both languages, nothing from the network, and in a real browser it
// lies within the page, light and dark.

import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { escapeHtml, html } from './html.js'
import { renderReport } from './page.js'
import { safePicture } from './picture.js'
import type { ReportData } from './report-data.js'
import { niceRange, niceTicks } from './scale.js'
import { boostingReport, linearReport, treeReport } from './testing/sample-models.js'
import { pictureReport, textReport } from './testing/sample-nets.js'
import { churnReport, priceReport, speciesReport } from './testing/sample-report.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const reports: Readonly<Record<string, ReportData>> = {
  species: speciesReport,
  churn: churnReport,
  price: priceReport,
  tree: treeReport,
  linear: linearReport,
  boosting: boostingReport,
  pictures: pictureReport,
  texts: textReport,
}

describe('the page', () => {
  test.each(Object.entries(reports))('%s: whole, and nothing from the network', (_, data) => {
    for (const language of ['en', 'zh'] as const) {
      const page = renderReport(data, language)
      expect(page.startsWith('<!doctype html>')).toBe(true)
      expect(page.trimEnd().endsWith('</html>')).toBe(true)
      expect(page).not.toMatch(/<script|<link|@import|url\(|https?:/)
      expect(page).not.toMatch(/undefined|NaN|\[object|\{[a-z]+\}/)
    }
  })

  test('escapes names and values of the data', () => {
    const evil = '"><script>alert(1)</script>&\u0000'
    const page = renderReport({
      ...churnReport,
      target: evil,
      classes: [evil, 'b'],
      positive: evil,
      columns: churnReport.columns.map(column => ({
        ...column,
        name: evil,
        treatment: { code: 'constant', value: evil } as const,
      })),
      suspects: [{ ...churnReport.suspects[0], given: evil, expected: evil }],
      findings: [{ code: 'constant-column', severity: 'info', column: evil, details: {} }],
      groups: { column: evil, rows: [{ value: evil, rows: 1, metrics: {} }] },
      manifest: { [evil]: evil },
      run: { ...churnReport.run, name: evil },
    })
    expect(page).not.toContain('<script')
    expect(page).not.toContain('\u0000')
    expect(page).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\ufffd')
  })

  test('speaks the language of the run unless told otherwise', () => {
    expect(renderReport(churnReport)).toContain('混淆矩阵')
    expect(renderReport(churnReport, 'en')).toContain('Confusion matrix')
    expect(renderReport(churnReport)).toContain('预测“是否流失”')
  })
})

test('what was compared and learned is shown, everything escaped', () => {
  const page = renderReport(treeReport)
  for (const wanted of ['Models compared', 'no time for it', 'maxDepth 3', 'Would more data help?'])
    expect(page).toContain(wanted)
  expect(page).toContain('class="athanor-tree"')
  expect(page).not.toContain('<b>&"')
  expect(renderReport(linearReport)).toContain('模型系数')
  expect(renderReport(boostingReport)).toContain('45,000 ± 2,100')
})

test('nets show their filters and maps, their worst texts and their attention, everything escaped', () => {
  const pictures = renderReport(pictureReport, 'en')
  expect(pictures).toContain('Maps of 28 × 28: 2 of 3')
  expect(pictures).toContain('Maps of 14 × 14: 4 of 40')
  // The filters shown stand above the maps of the first layer alone.
  expect(pictures.match(/title="filter 3"/g)).toHaveLength(1)
  expect(pictures.match(/title="filter 31"/g)).toBeNull()
  const texts = renderReport(textReport, 'en')
  expect(texts).toContain(
    '<mark class="for" style="--s:70%" title="50.0%">&lt;b&gt;&amp;&quot;</mark>',
  )
  expect(texts).toContain('<mark class="against" style="--s:28%"')
  expect(texts).toContain('Row 7: setosa, found with 40.0% only')
  expect(texts).toContain('>⏎</text>')
  for (const page of [pictures, texts]) expect(page).not.toMatch(/<b>&"|javascript:/)
})

test('a picture that could do more than draw is left out', () => {
  const svg = treeReport.tree?.svg.en ?? ''
  expect(safePicture(svg)).toBeDefined()
  for (const evil of [
    svg.replace('<g>', '<script>alert(1)</script><g>'),
    svg.replace('<g>', '<g onclick="alert(1)">'),
    svg.replace('<g>', '<image href="https://example.org/x.png"/><g>'),
    svg.replace('.x{fill:#fff}', '.x{fill:url(https://example.org)}'),
    svg.replace('<g>', '<foreignObject><p>x</p></foreignObject><g>'),
    `<p>x</p>${svg}`,
    svg.replace('<g>', '<!-- --><g>'),
  ])
    expect(safePicture(evil)).toBeUndefined()
})

test('html escapes what it is given and joins what it made', () => {
  expect(html`<p title="${'a"b'}">${['x', html`<b>y</b>`, null, false, 3]}</p>`.text).toBe(
    '<p title="a&quot;b">x<b>y</b>3</p>',
  )
  expect(escapeHtml('\ud800 ok \u{1f600}')).toBe('\ufffd ok \u{1f600}')
})

test('axes have round numbers', () => {
  expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(niceTicks(-3, 17, 4)).toEqual([0, 5, 10, 15])
  expect(niceRange(0.13, 0.87)).toEqual([0.1, 0.9])
  expect(niceRange(5, 5)).toEqual([2.5, 7.5])
  expect(niceRange(Number.NaN, 1)).toEqual([0, 1])
})

const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome']
const executablePath = places.find(path => path !== '' && existsSync(path))
if (executablePath === undefined && process.env.ATHANOR_FORBID_SKIPS !== '1')
  console.warn('report in a browser: skipped, no Chromium found')

describe.skipIf(executablePath === undefined && process.env.ATHANOR_FORBID_SKIPS !== '1')(
  'in a real browser',
  () => {
    let browser: Browser
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'athanor-report-'))
      browser = await chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--disable-gpu'],
      })
    })
    afterAll(async () => {
      await browser?.close()
      await rm(folder, { recursive: true, force: true })
    })

    test.each(Object.entries(reports))('%s lies within the page', async (name, data) => {
      const path = join(folder, `${name}.html`)
      await writeFile(path, renderReport(data))
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [1200, 420]) {
          const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
          const asked: string[] = []
          page.on('request', request => asked.push(request.url()))
          const problems: string[] = []
          page.on('console', message => problems.push(message.text()))
          await page.goto(pathToFileURL(path).href)
          const seen = await page.evaluate(() => ({
            overflow: document.documentElement.scrollWidth - window.innerWidth,
            headings: [...document.querySelectorAll('h2')].length,
            charts: [...document.querySelectorAll('svg.chart:not(.board)')].map(
              chart => chart.getBoundingClientRect().height,
            ),
            background: getComputedStyle(document.body).backgroundColor,
          }))
          expect(seen.overflow).toBeLessThanOrEqual(0)
          expect(seen.headings).toBeGreaterThan(6)
          expect(seen.charts.every(height => height > 150)).toBe(true)
          expect(seen.background).toBe(
            colorScheme === 'light' ? 'rgb(245, 246, 248)' : 'rgb(14, 17, 22)',
          )
          expect(asked).toEqual([pathToFileURL(path).href])
          expect(problems).toEqual([])
          if (width === 1200 && colorScheme === 'light') {
            const picture = await page.screenshot({ fullPage: true, timeout: 110_000 })
            expect(picture.length).toBeGreaterThan(20_000)
          }
          await page.close()
        }
      expect((await readFile(path)).length).toBeGreaterThan(10_000)
    })

    test('Chinese names and values have their glyphs', async () => {
      const page = await browser.newPage()
      await page.setContent(renderReport(churnReport))
      const text = await page.evaluate(() => document.body.textContent)
      for (const wanted of ['是否流失', '北京', '广州 <b>', '在网时长（月）', '合同类型'])
        expect(text).toContain(wanted)
      // Glyphs that a font lacks are all drawn as the same box.
      const differ = await page.evaluate(() => {
        const draw = (character: string) => {
          const canvas = document.createElement('canvas')
          canvas.width = canvas.height = 40
          const context = canvas.getContext('2d')!
          context.font = getComputedStyle(document.body).font
          context.fillText(character, 5, 28)
          return canvas.toDataURL()
        }
        return draw('流') !== draw('失')
      })
      expect(differ).toBe(true)
      await page.close()
    })
  },
)
