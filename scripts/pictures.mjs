#!/usr/bin/env node
// `node scripts/pictures.mjs`: runs the main job and renews what the documentation shows of it: the
// picture of the report and the output in both READMEs. Needs dist/ and Chromium (or CHROMIUM=/path).

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { root } from './incremental.mjs'

const job = ['train', 'examples/data/penguins.csv', '--target', 'species']
const readmes = { en: 'README.md', zh: 'README.zh-CN.md' }
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const folder = mkdtempSync(join(tmpdir(), 'athanor-pictures-'))
try {
  for (const [language, readme] of Object.entries(readmes))
    renewOutput(language, join(root, readme))
  await picture(join(folder, 'en', 'penguins', 'report.html'), 'docs/pictures/report.png')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Trains in a copy of the reader's place and puts what was printed between the README's marks. */
function renewOutput(language, readme) {
  const runs = join(folder, language)
  const options = ['--out', runs, '--name', 'penguins', '--lang', language]
  // One pipe for both streams: the lines keep the order in which a terminal shows them.
  const { status, stdout } = spawnSync(
    'sh',
    ['-c', '"$0" "$@" 2>&1', process.execPath, 'dist/cli/main.js', ...job, ...options],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  )
  if (status !== 0) throw new Error(stdout)
  if (!existsSync(readme)) return
  const shown = stdout.trimEnd().replaceAll(join(runs, 'penguins'), 'runs/penguins')
  const marked = /(<!-- output -->\n```text\n)[\s\S]*?(\n```\n)/
  const text = readFileSync(readme, 'utf8')
  if (!marked.test(text)) throw new Error(`${readme} has no place for the output`)
  writeFileSync(
    readme,
    text.replace(marked, (_, before, after) => before + shown + after),
  )
}

async function picture(report, target) {
  mkdirSync(join(root, 'docs', 'pictures'), { recursive: true })
  const executablePath = process.env.CHROMIUM ?? places.find(path => existsSync(path))
  if (executablePath === undefined) throw new Error('no Chromium found; name one with CHROMIUM')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 1400 } })
    await page.goto(pathToFileURL(report).href)
    await page.screenshot({ path: join(root, target) })
  } finally {
    await browser.close()
  }
  const kilobytes = Math.round(readFileSync(join(root, target)).length / 1024)
  console.log(`${target}: ${kilobytes} kB`)
}
