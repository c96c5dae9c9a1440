// The course is true: its programs run and print what its pages quote, every number of the prose is one of the
// chapter's programs or outputs, formulas parse, pictures and links are there, and both languages have the same of all.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import katex from 'katex'
import { afterAll, describe, expect, test } from 'vitest'
import { chapters, pageOf, runProgram } from '../../scripts/learn.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const languages = ['en', 'zh'] as const
const pictures = mkdtempSync(join(tmpdir(), 'athanor-learn-'))
afterAll(() => rmSync(pictures, { recursive: true, force: true }))

const read = (chapter: string, language: string) => readFileSync(pageOf(chapter, language), 'utf8')
const sourceOf = (chapter: string, file: string) =>
  readFileSync(join(root, 'examples/learn', chapter, file), 'utf8')

/** A section for each idea. */
const ideasOf = (page: string) => page.split(/^## /m).slice(1)
const programIn = (idea: string) => /\]\([^)]*\/([\w-]+\.ts)\)/.exec(idea)?.[1] ?? ''
const outputIn = (idea: string) => /```text\n([\s\S]*?)```/.exec(idea)?.[1] ?? ''
const formulasIn = (page: string) =>
  [...page.matchAll(/\$\$([\s\S]*?)\$\$|\$([^$\n]+)\$/g)].map(
    ([, block, inline]) => block ?? inline,
  )
const proseIn = (idea: string) =>
  idea
    .replace(/```[\s\S]*?```|\$\$[\s\S]*?\$\$|\$[^$\n]+\$|`[^`]*`/g, ' ')
    .replace(/!?\[[^\]]*\]\([^)]*\)|chapter \d+|第 \d+ 章/gi, ' ')
const numbersIn = (text: string) => text.match(/\d+(?:[.,]\d+)*/g) ?? []

/** Whether a program trains: then rounding grows, and other processors and counts of threads round otherwise. */
const isTraining = (source: string) =>
  /\b(?:fit|train|trainOnBatch|valueAndGrad|findLearningRate)\(/.test(source)

/** As far apart as numbers may be on another processor; what a net made up (`> …`) may differ altogether. */
function expectSameLines(found: string, quoted: string, mayDrift: boolean): void {
  const linesOf = (text: string) => text.replace(/^> .*$/gm, '>')
  const wordsOf = (text: string) => linesOf(text).replace(/-?\d+(?:\.\d+)?/g, '#')
  expect(wordsOf(found)).toBe(wordsOf(quoted))
  const values = linesOf(found).match(/-?\d+(?:\.\d+)?/g) ?? []
  const expected = linesOf(quoted).match(/-?\d+(?:\.\d+)?/g) ?? []
  values.forEach((value, i) => {
    const lastDigit = 10 ** -(expected[i].split('.')[1]?.length ?? 0)
    const drift = mayDrift
      ? Math.max(2 * lastDigit, 0.02 * Math.abs(Number(expected[i])))
      : lastDigit
    if (value !== expected[i])
      expect(Math.abs(Number(value) - Number(expected[i]))).toBeLessThanOrEqual(1.001 * drift)
  })
}

const all = chapters()

test('the READMEs list the chapters, and each page leads to the next', () => {
  for (const [language, readme] of [
    ['en', 'README.md'],
    ['zh', 'README.zh-CN.md'],
  ]) {
    const titles = all.map(
      ({ name }: { name: string }) => /^# (.*)/.exec(read(name, language))?.[1],
    )
    const listed = all.map(({ name }: { name: string }, i: number) =>
      titles[i]?.replace(/^(\d+)\. (.*)/, `$1. [$2](docs/learn/${language}/${name}.md)`),
    )
    expect(readFileSync(join(root, readme), 'utf8')).toContain(listed.join('\n'))
    all.slice(1).forEach(({ name }: { name: string }, i: number) => {
      const last = read(all[i].name, language).trimEnd().split('\n').at(-1)
      expect(last).toContain(`[${titles[i + 1]}](${name}.md)`)
    })
  }
})

/** Terms that are also everyday words, which may be said before they become terms. */
const everyday = new Set(['weight', 'step', 'Fresh', 'cell', '步', '门', '新的'])

test.each(languages)('in %s a term is explained once, and not used before', language => {
  const paragraphs = all.flatMap(({ name }: { name: string }) =>
    read(name, language)
      .split(/\n\n+/)
      .filter(text => !text.startsWith('#')),
  )
  const explainedIn = new Map<string, number>()
  paragraphs.forEach((text: string, i: number) => {
    for (const [, bold] of text.matchAll(/\*\*([^*]+)\*\*/g)) {
      const term = bold.replace(/\s+/g, ' ').replace(/ ?（.*?）/, '')
      expect(explainedIn.has(term), `'${term}' is explained twice`).toBe(false)
      explainedIn.set(term, i)
    }
  })
  const wordsOf = (text: string) => proseIn(text).replace(/\s+/g, ' ').toLowerCase()
  const words = paragraphs.map(wordsOf)
  for (const [term, at] of explainedIn) {
    if (everyday.has(term)) continue
    const start = language === 'en' ? '\\b' : ''
    const pattern = new RegExp(start + term.toLowerCase().replace(/[^\w\s]/g, '\\$&'))
    words.slice(0, at).forEach((text: string, i: number) => {
      expect(pattern.test(text), `'${term}', explained later: ${paragraphs[i]}`).toBe(false)
    })
  }
})

test('there is a page in each language for every chapter, and for nothing else', () => {
  const names = all.map(({ name }: { name: string }) => `${name}.md`)
  for (const language of languages)
    expect(readdirSync(join(root, 'docs/learn', language)).sort()).toEqual(names)
})

describe.each(all)('$name', ({ name, programs }: { name: string; programs: string[] }) => {
  test('each idea has three paragraphs, a formula, a program, its picture and its output', () => {
    for (const language of languages) {
      const ideas = ideasOf(read(name, language))
      expect(ideas.map(programIn)).toEqual(programs)
      for (const idea of ideas) {
        const [title] = idea.split('\n')
        const before = idea.slice(title.length, idea.indexOf('$$'))
        expect(before.trim().split(/\n\n+/), title).toHaveLength(3)
        expect(idea.match(/\$\$/g)?.length, title).toBe(2)
        const picture = /!\[[^\]]{10,}\]\(([^)]*)\)/.exec(idea)?.[1] ?? ''
        expect(picture).toBe(
          `../pictures/${name.slice(0, 2)}-${programIn(idea).replace('.ts', '.svg')}`,
        )
        expect(outputIn(idea), title).not.toBe('')
      }
    }
  })

  test('its programs have at most 60 lines', () => {
    for (const file of programs)
      expect(sourceOf(name, file).trimEnd().split('\n').length, file).toBeLessThanOrEqual(60)
  })

  test.each(programs)('%s prints what the pages quote, and draws the picture', async file => {
    const output = await runProgram(name, file, pictures)
    for (const language of languages) {
      const idea = ideasOf(read(name, language)).find(part => programIn(part) === file) ?? ''
      expectSameLines(output, outputIn(idea), isTraining(sourceOf(name, file)))
      const shown = ideasOf(read(name, language)).map(outputIn)
      const sources = programs.map(program => sourceOf(name, program))
      const known = new Set(['0', '1', ...[...shown, ...sources].flatMap(numbersIn)])
      for (const number of numbersIn(proseIn(idea)))
        expect(known, `${number} in ${language}, ${file}`).toContain(number)
    }
    const picture = `${name.slice(0, 2)}-${file.replace('.ts', '.svg')}`
    const made = readFileSync(join(pictures, picture), 'utf8')
    expect(made).not.toMatch(/NaN|undefined|Infinity/)
    const kept = readFileSync(join(root, 'docs/learn/pictures', picture), 'utf8')
    const words = (svg: string) => [...svg.matchAll(/>([^<>]+)</g)].map(([, text]) => text)
    const named = (svg: string) => words(svg).filter(word => /[a-z]{2}/i.test(word))
    expect(named(made)).toEqual(named(kept))
  })

  test('its formulas parse, and its links lead somewhere', () => {
    for (const language of languages) {
      const page = read(name, language)
      for (const formula of formulasIn(page))
        katex.renderToString(formula, { throwOnError: true, strict: 'error' })
      for (const [, target] of page.matchAll(/\]\(([^)#]+)/g))
        if (!target.startsWith('http'))
          expect(existsSync(join(dirname(pageOf(name, language)), target)), target).toBe(true)
    }
  })

  test('says the same in both languages', () => {
    const [english, chinese] = languages.map(language => ideasOf(read(name, language)))
    english.forEach((idea, i) => {
      expect(formulasIn(chinese[i])).toEqual(formulasIn(idea))
      expect(outputIn(chinese[i])).toBe(outputIn(idea))
      expect(new Set(numbersIn(proseIn(chinese[i])))).toEqual(new Set(numbersIn(proseIn(idea))))
      const bold = (text: string) => text.match(/\*\*/g)?.length ?? 0
      expect(bold(chinese[i])).toBe(bold(idea))
    })
  })
})
