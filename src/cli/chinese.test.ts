// A Chinese table in GB18030, from the file to what the browser shows of the report.

import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Workplace } from './testing/run-cli.js'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let place: Workplace
beforeAll(async () => {
  place = await Workplace.open()
})
afterAll(() => place?.close())

/** GB2312's part of GB18030, made from the decoder: two bytes a character. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030')
  const codes = new Map<string, [number, number]>()
  for (let high = 0xa1; high <= 0xf7; high++)
    for (let low = 0xa1; low <= 0xfe; low++)
      codes.set(decoder.decode(Uint8Array.of(high, low)), [high, low])
  return Buffer.from(
    [...text].flatMap(character => codes.get(character) ?? [character.charCodeAt(0)]),
  )
}

const cities = ['北京', '上海', '广州', '成都']
const contracts = ['按月', '一年', '两年']
const rows = Array.from({ length: 400 }, (_, i) => {
  const months = (i * 37) % 72
  const contract = contracts[(i * 7) % 3]
  const fee = 20 + ((i * 53) % 100)
  const leaves = contract === '按月' && months < 40 && fee > 45
  return `${months},${cities[(i * 5) % 4]},${contract},${fee},${leaves ? '是' : '否'}`
})
const table = `在网时长,城市,合同类型,月消费,是否流失\n${rows.join('\n')}\n`

const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome']
const executablePath = places.find(path => path !== '' && existsSync(path))
const isForbidden = process.env.ATHANOR_FORBID_SKIPS === '1'

test('a table in GB18030 through to predictions in Chinese', async () => {
  await place.write('客户.csv', gb18030(table))
  const { code, stdout, stderr } = await place.run(
    ...['train', '客户.csv', '--target', '是否流失', '--lang', 'zh', '--name', '流失预测'],
    ...['--group-metrics', '城市', '--epochs', '30'],
  )
  expect(stderr).toMatch(/共 400 行、5 列；用 4 列预测“是否流失”（分类）/)
  expect(stderr).toMatch(/gb18030/i)
  expect(stdout).toMatch(/准确率/)
  expect(code).toBe(0)
  const out = await place.run('predict', '流失预测', '客户.csv', '--out', '预测.csv')
  expect(out.code).toBe(0)
  const lines = (await readFile(place.path('预测.csv'), 'utf8')).split('\n')
  expect(lines[0]).toBe(
    '在网时长,城市,合同类型,月消费,是否流失,prediction,probability_否,probability_是',
  )
  expect(lines[1]).toMatch(/^0,北京,按月,20,否,否,/)
})

test.skipIf(executablePath === undefined && !isForbidden)(
  'the report shows it in a real browser',
  async () => {
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu'],
    })
    try {
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
      await page.goto(pathToFileURL(place.path('runs', '流失预测', 'report.html')).href)
      const text = await page.evaluate(() => document.body.textContent)
      for (const wanted of [
        '预测“是否流失”',
        '合同类型',
        '按月',
        '广州',
        '混淆矩阵',
        '按“城市”分组的表现',
      ])
        expect(text).toContain(wanted)
      const path = place.path('report.png')
      await page.screenshot({ path, fullPage: true, timeout: 110_000 })
      expect((await stat(path)).size).toBeGreaterThan(100_000)
    } finally {
      await browser.close()
    }
  },
)
