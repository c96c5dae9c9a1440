// npm run learn                  lists the chapters of the course
// npm run learn 2                runs the programs of a chapter; pictures go to build/learn/pictures
// npm run learn -- --remake [2]  runs all (or one) and writes docs/learn/pictures and what the pages quote of the output
//
// Node 20 runs no TypeScript: the types are taken away first.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { transformWithOxc } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const programs = 'examples/learn'
const languages = ['en', 'zh']

/** Chapters and their programs, in the order of the pages. */
export function chapters() {
  const folders = readdirSync(join(root, programs), { withFileTypes: true })
  return folders
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map(name => ({ name, programs: programsOf(name) }))
}

function programsOf(chapter) {
  const page = readFileSync(pageOf(chapter, 'en'), 'utf8')
  const files = readdirSync(join(root, programs, chapter)).filter(file => file.endsWith('.ts'))
  return files.sort((a, b) => page.indexOf(a) - page.indexOf(b))
}

export const pageOf = (chapter, language) => join(root, 'docs/learn', language, `${chapter}.md`)

/** What several programs share, without types: made once. */
let sharedFiles

/** The output of a program, heard piece by piece while it runs; throws with what it said where it fails. */
export async function runProgram(chapter, file, pictures, hear = () => {}) {
  const folder = join(root, 'build/learn')
  const shared = readdirSync(join(root, programs)).filter(name => name.endsWith('.ts'))
  sharedFiles ??= withoutTypes(programs, shared, folder)
  await sharedFiles
  await withoutTypes(join(programs, chapter), [file], join(folder, chapter))
  const compiled = join(folder, chapter, file.replace(/ts$/, 'js'))
  const child = spawn(process.execPath, [compiled], {
    cwd: root,
    env: { ...process.env, LEARN_PICTURES: pictures },
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'])
    child[name].setEncoding('utf8').on('data', text => {
      said[name] += text
      if (name === 'stdout') hear(text)
    })
  const [status, signal] = await once(child, 'close')
  if (status !== 0)
    throw new Error(`${chapter}/${file}: ${said.stderr || `ended with ${status ?? signal}`}`)
  return said.stdout
}

async function withoutTypes(from, files, to) {
  mkdirSync(to, { recursive: true })
  for (const file of files) {
    const source = readFileSync(join(root, from, file), 'utf8')
    const { code } = await transformWithOxc(source, file)
    // Another program may be reading the file of before.
    const whole = join(to, file.replace(/ts$/, 'js'))
    writeFileSync(`${whole}.${process.pid}`, code)
    renameSync(`${whole}.${process.pid}`, whole)
  }
}

/** A page with the block below a program's link replaced by what it printed. */
export function withOutput(page, file, output) {
  const block = new RegExp(
    `(${file.replace('.', '\\.')}\\)[\\s\\S]*?\`\`\`text\\n)[\\s\\S]*?(\`\`\`)`,
  )
  if (!block.test(page)) throw new Error(`no block of output after the link to ${file}`)
  return page.replace(block, (_, before, after) => `${before}${output.trimEnd()}\n${after}`)
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { remake: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const [wanted] = positionals
  const all = chapters()
  const chosen = all.filter(
    ({ name }) => wanted === undefined || Number(name.slice(0, 2)) === Number(wanted),
  )
  if (chosen.length === 0) {
    console.error(
      `No chapter ${wanted}: there are ${all.map(({ name }) => Number(name.slice(0, 2))).join(', ')}`,
    )
    process.exitCode = 2
    return
  }
  if (wanted === undefined && !values.remake) {
    for (const { name } of all) {
      const [english, chinese] = languages.map(language => titleOf(name, language))
      console.log(`${english.padEnd(32)} ${chinese.replace(/^\d+\. /, '')}`)
    }
    console.log(
      '\nnpm run learn <number> runs the programs of a chapter; its page is in docs/learn.',
    )
    return
  }
  if (!existsSync(join(root, 'dist/node/index.js'))) {
    console.error('Build first: npm run build')
    process.exitCode = 1
    return
  }
  const pictures = join(root, values.remake ? 'docs/learn/pictures' : 'build/learn/pictures')
  for (const { name, programs: files } of chosen) {
    for (const file of files) {
      console.log(`\n${name}/${file}`)
      const output = await runProgram(name, file, pictures, text => process.stdout.write(text))
      const picture = `${name.slice(0, 2)}-${file.replace(/ts$/, 'svg')}`
      console.log(`→ ${join(pictures, picture).slice(root.length)}`)
      if (!values.remake) continue
      for (const language of languages) {
        const page = pageOf(name, language)
        writeFileSync(page, withOutput(readFileSync(page, 'utf8'), file, output))
      }
    }
    for (const language of languages)
      console.log(`${titleOf(name, language)}: ${pageOf(name, language).slice(root.length)}`)
  }
}

const titleOf = (chapter, language) =>
  /^# (.*)/.exec(readFileSync(pageOf(chapter, language), 'utf8'))?.[1] ?? ''

if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
