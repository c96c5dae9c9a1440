// What is written for users holds: the programs of both READMEs type-check and run, both say the same,
// their links lead somewhere, and every public name has a comment whose example is true. Looks at dist/.

import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parseSync, transformWithOxc } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allParameterNames, kindsText } from './cli/train-parameters.js'
import { sayIn } from './runs/messages/messages.js'
import { camel } from './runs/option-name.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const run = promisify(execFile)

const readmes = ['README.md', 'README.zh-CN.md'] as const
const pages = [
  ...readmes,
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'benchmarks/README.md',
]

/** One page for each estimator, and some for what goes with them. */
const classicPages = readdirSync(join(root, 'docs/classic'))
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/classic/${name}`)

/** What goes across: nets, pictures, texts, speech, PyTorch. */
const guidePages = readdirSync(join(root, 'docs'))
  .filter(name => name.endsWith('.md'))
  .map(name => `docs/${name}`)

/** Where public names come from, in the order in which an example looks them up. */
const entries: readonly (readonly [specifier: string, path: string])[] = [
  ['athanor', 'src/index.ts'],
  ['athanor', 'src/index.browser.ts'],
  ['athanor/metrics', 'src/estimator/metrics/index.ts'],
  ['athanor/classic', 'src/classic/index.ts'],
  ['athanor/data', 'src/data/node/index.ts'],
  ['athanor/data', 'src/data/index.ts'],
  ['athanor/nn', 'src/nn/index.ts'],
  ['athanor/optim', 'src/optim/index.ts'],
  ['athanor/train', 'src/train/index.ts'],
]

/** What an example may take for granted; one that does is type-checked and not run. */
const given: Readonly<Record<string, string>> = {
  model: "import('athanor').Model & Pick<import('athanor').Module, 'forward'>",
  optimizer: "import('athanor').optim.Optimizer",
  run: "import('athanor').Run",
  table: "import('athanor').Table",
  dataset: "import('athanor/data').Dataset",
  split: "import('athanor/data').Split",
  preprocessor: "import('athanor').TablePreprocessor",
  loss: "'meanSquaredError'",
  logits: "import('athanor').Tensor",
  x: "import('athanor').Tensor",
  y: "import('athanor').Tensor",
  a: "import('athanor').Tensor",
  b: "import('athanor').Tensor",
  groups: 'Int32Array',
  yTrue: 'Int32Array',
  yPred: 'Int32Array',
  pick: '(values: Int32Array, rows: ArrayLike<number>) => number[]',
  trainOneEpoch: '() => number',
  MyClassifier: "import('athanor/classic').EstimatorClass",
  Scale: "new (config: object) => import('athanor').Layer",
}

interface Block {
  readonly language: string
  readonly isRun: boolean
  readonly code: string
}

function blocksOf(path: string): Block[] {
  return [...read(path).matchAll(/^```(\w+)( no-run)?\n([\s\S]*?)^```$/gm)].map(
    ([, language, mark, code]) => ({ language, isRun: mark === undefined, code }),
  )
}

// --- the public surface -------------------------------------------------------------------------

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree, whose nodes have other fields for each type
type Node = { type: string; start: number; end: number } & Record<string, any>

interface Declaration {
  readonly name: string
  readonly path: string
  readonly node: Node
}

interface Comment {
  readonly type: string
  readonly value: string
  readonly start: number
  readonly end: number
}

const parsed = new Map<string, { text: string; body: Node[]; comments: readonly Comment[] }>()

function source(path: string) {
  let file = parsed.get(path)
  if (file === undefined) {
    const text = read(path)
    const { program, comments } = parseSync(path, text)
    file = { text, body: program.body as unknown as Node[], comments }
    parsed.set(path, file)
  }
  return file
}

const target = (from: string, specifier: string) =>
  normalize(join(dirname(from), specifier)).replace(/\.js$/, '.ts')

const declared = (node: Node): string[] =>
  node.type === 'VariableDeclaration'
    ? node.declarations.map((declaration: Node) => declaration.id.name)
    : [node.id.name]

function isDeclaration(node: Node): boolean {
  return /Declaration$/.test(node.type) && !/^(Import|Export)/.test(node.type)
}

/** Every name that a file exports, through re-exports, with the place where it is declared. */
function* exportsOf(path: string, prefix = ''): Generator<Declaration> {
  for (const node of source(path).body) {
    if (node.type === 'ExportAllDeclaration') {
      const inner = node.exported === null ? '' : `${node.exported.name}.`
      yield* exportsOf(target(path, node.source.value), prefix + inner)
    } else if (node.type !== 'ExportNamedDeclaration') continue
    else if (node.declaration !== null)
      for (const name of declared(node.declaration)) yield { name: prefix + name, path, node }
    else
      for (const { local, exported } of node.specifiers) {
        const from = node.source === null ? path : target(path, node.source.value)
        const found = find(from, local.name)
        if (found === undefined) throw new Error(`${path}: where is ${local.name}?`)
        yield { ...found, name: prefix + exported.name }
      }
  }
}

function find(path: string, name: string): Declaration | undefined {
  for (const node of source(path).body) {
    const inner: Node = node.type === 'ExportNamedDeclaration' ? (node.declaration ?? node) : node
    if (isDeclaration(inner) && declared(inner).includes(name)) return { name, path, node }
    if (
      node.type === 'ImportDeclaration' ||
      (node.type === 'ExportNamedDeclaration' && node.source)
    ) {
      const key = node.type === 'ImportDeclaration' ? 'local' : 'exported'
      const item = node.specifiers.find((specifier: Node) => specifier[key].name === name)
      const there = key === 'local' ? item?.imported : item?.local
      if (there !== undefined) return find(target(path, node.source.value), there.name)
    }
    if (node.type === 'ExportAllDeclaration' && node.exported === null) {
      const found = find(target(path, node.source.value), name)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The comment that stands directly before a declaration. */
function commentOf({ path, node }: Declaration): Comment | undefined {
  const { comments, text } = source(path)
  const last = comments.filter(comment => comment.end <= node.start).at(-1)
  if (last === undefined || last.type !== 'Block' || !last.value.startsWith('*')) return undefined
  return text.slice(last.end, node.start).trim() === '' ? last : undefined
}

const names = new Map<string, string>() // a name → where it is imported from
const surface = new Map<string, Declaration>()
for (const [specifier, path] of entries)
  for (const declaration of exportsOf(path)) {
    const [outer] = declaration.name.split('.')
    if (!names.has(outer)) names.set(outer, specifier)
    surface.set(`${declaration.path}:${declaration.node.start}`, declaration)
  }

interface Example {
  /** `src/tensor/tensor.ts:24`. */
  readonly place: string
  readonly code: string
}

/** Examples in the comments of public declarations, of classes' members too. */
const examples: Example[] = []
{
  const seen = new Set<string>()
  for (const declaration of surface.values()) {
    const { comments, text } = source(declaration.path)
    const from = commentOf(declaration)?.start ?? declaration.node.start
    for (const comment of comments) {
      if (comment.start < from || comment.end > declaration.node.end) continue
      for (const [, body] of comment.value.matchAll(/```ts\n([\s\S]*?)\n[ *]*```/g)) {
        const code = body.replace(/^[ \t]*\* ?/gm, '')
        const line = text.slice(0, comment.start).split('\n').length
        if (!seen.has(code)) examples.push({ place: `${declaration.path}:${line}`, code })
        seen.add(code)
      }
    }
  }
}

/** A program of its own: imports what it names, declares what it takes for granted. */
function programOf(code: string): { text: string; isRun: boolean } {
  const bare = code.replace(/\/\/.*$/gm, '').replace(/'[^'\n]*'/g, "''")
  const words = new Set(bare.match(/(?<![.\w])[A-Za-z_]\w*/g))
  const own = new Set(
    [
      ...bare.matchAll(/\b(?:const|let|class|function)\s+(?:\{([^}]*)\}|\[([^\]]*)\]|(\w+))/g),
    ].flatMap(match => (match[1] ?? match[2] ?? match[3]).split(/[\s,:]+/)),
  )
  for (const [, list] of bare.matchAll(/\bimport\s+\{([^}]*)\}/g))
    for (const name of list.split(/[\s,]+/)) own.add(name)
  for (const [, list, single] of bare.matchAll(
    /\(([^()]*)\)\s*(?::\s*\w+\s*)?(?:=>|\{)|(\w+)\s*=>/g,
  ))
    for (const parameter of (list ?? single).split(',')) own.add(parameter.trim().split(/\W/)[0])
  const free = [...words].filter(word => !own.has(word))
  const isCalled = (word: string) => new RegExp(`\\b${word}\\(`).test(bare)
  const assumed = free.filter(word => word in given && !(names.has(word) && isCalled(word)))
  const imports = free.filter(word => names.has(word) && !assumed.includes(word))
  const lines = imports.map(
    word => `import { ${isType(word) ? 'type ' : ''}${word} } from '${names.get(word)}'`,
  )
  for (const word of assumed) lines.push(`declare const ${word}: ${given[word]}`)
  return {
    text: `${lines.join('\n')}\n${code}\nexport {}\n`,
    isRun: assumed.length === 0 && !/runs\/|\.athanor|\bfetch\(/.test(code),
  }
}

function isType(name: string): boolean {
  const found = entries.map(([, path]) => find(path, name)).find(place => place !== undefined)
  const node: Node | undefined = found && (found.node.declaration ?? found.node)
  return node !== undefined && /^TS(Interface|TypeAlias)/.test(node.type)
}

/** `expression // value` becomes a comparison, where the value can be read as one. */
function checked(code: string, place: string): string {
  return code.replace(
    /^(?!\s*(?:const|let|for|class|\/\/|import)\b)(\S.*?)\s*\/\/ (.+)$/gm,
    (line, expression, said) => {
      const value = valueSaid(said)
      if (value === undefined || !/[)\w\]]$/.test(expression)) return line
      const shown = /^console\.log\((.*)\)$/.exec(expression)
      return `await same(${shown ? lastArgument(shown[1]) : expression}, ${JSON.stringify(value)}, ${JSON.stringify(`${place}: ${expression}`)})`
    },
  )
}

/** `a, f(b, c)` → `f(b, c)`: what is said behind a call is the value of its last argument. */
function lastArgument(list: string): string {
  let depth = 0
  let from = 0
  let quote = ''
  for (let i = 0; i < list.length; i++) {
    const c = list[i]
    if (quote !== '') quote = c === quote ? '' : quote
    else if ('\'"`'.includes(c)) quote = c
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c)) depth--
    else if (c === ',' && depth === 0) from = i + 1
  }
  return list.slice(from).trim()
}

function valueSaid(said: string): unknown {
  const text = said
    .trim()
    .replace(/^about |^\w+Array (?=\[)/, '')
    .replace(/(\d)…/g, '$1')
  if (!/^[-\d[{'(]|^(true|false|null)$/.test(text) || /…/.test(text)) return undefined
  try {
    const list = new Function(`return [${text}]`)() as unknown[]
    return /^[^[{(]*,/.test(text) ? list : list[0]
  } catch {
    return undefined
  }
}

/** The comparison, for the programs that are run: tensors by their values, numbers to what is shown. */
const same = `
const plain = async value =>
  typeof value?.array === 'function' ? plain(await value.array())
  : ArrayBuffer.isView(value) ? Array.from(value)
  : Array.isArray(value) ? Promise.all(value.map(plain))
  : value?.constructor === Object
    ? Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await plain(item)])))
  : value
const near = (a, b) =>
  typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= 2e-3 * Math.max(1, Math.abs(b))
  : Array.isArray(b) ? Array.isArray(a) && a.length === b.length && b.every((item, i) => near(a[i], item))
  : typeof b === 'object' && b !== null
    ? typeof a === 'object' && a !== null && Object.keys(b).every(key => near(a[key], b[key]))
    : a === b
globalThis.same = async (value, said, place) => {
  const found = await plain(await value)
  if (!near(found, said)) throw new Error(place + ' is ' + JSON.stringify(found) + ', not ' + JSON.stringify(said))
}
`

// --- the tests ----------------------------------------------------------------------------------

let folder = ''
let comparisons = 0
const programs = blocksOf(readmes[0]).filter(({ language }) => language === 'ts')
const pagePrograms = [...classicPages, ...guidePages].flatMap(page =>
  blocksOf(page)
    .filter(({ language }) => language === 'ts')
    .map(block => ({ page, ...block })),
)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'athanor-documentation-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'athanor'), 'dir')
  symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'dir')
  symlinkSync(join(root, 'examples'), join(folder, 'examples'), 'dir')
  const rows = Array.from({ length: 60 }, (_, i) => {
    const plan = ['free', 'pro', 'team'][i % 3]
    return `${plan},${20 + ((i * 7) % 40)},${10_000 + i * 13},${i % 3 === 0 ? 'yes' : 'no'}`
  })
  writeFileSync(join(folder, 'customers.csv'), `plan,age,postcode,churn\n${rows.join('\n')}\n`)
  const options = {
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
      module: 'NodeNext',
      moduleDetection: 'force',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    },
    include: ['*.mts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  programs.forEach(({ code }, i) => {
    writeFileSync(join(folder, `readme-${i + 1}.mts`), code)
  })
  pagePrograms.forEach(({ page, code }, i) => {
    writeFileSync(join(folder, `page-${i}.mts`), `// ${page}\n${code}\nexport {}\n`)
  })
  examples.forEach(({ place, code }, i) => {
    writeFileSync(join(folder, `example-${i}.mts`), `// ${place}\n${programOf(code).text}`)
  })
  const runnable: string[] = [same, 'const failed = []']
  for (const [i, { place, code }] of examples.entries()) {
    const { text, isRun } = programOf(code)
    if (!isRun) continue
    const name = `example-${i}.mjs`
    const program = text.replace(code, () => checked(code, place))
    comparisons += program.split('await same(').length - 1
    const { code: js } = await transformWithOxc(program, 'a.ts')
    writeFileSync(join(folder, name), js)
    runnable.push(
      `await import('./${name}').catch(error => failed.push('${place}: ' + error.message))`,
    )
  }
  runnable.push('console.log(JSON.stringify(failed))')
  writeFileSync(join(folder, 'examples.mjs'), runnable.join('\n'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('every program and every example type-checks', async () => {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const output = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  )
  const placed = output
    .replace(/^example-(\d+)\.mts\S*/gm, (_, i) => examples[i].place)
    .replace(/^page-(\d+)\.mts/gm, (_, i) => pagePrograms[i].page)
  expect(placed).toBe('')
})

test('every example does what it says', async () => {
  expect(comparisons).toBeGreaterThan(50)
  const { stdout } = await run(process.execPath, ['examples.mjs'], { cwd: folder })
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string)).toEqual([])
})

test('every program of docs runs', async () => {
  const runnable = [same, 'const failed = []']
  for (const [i, { page, code, isRun }] of pagePrograms.entries()) {
    if (!isRun) continue
    const { code: js } = await transformWithOxc(checked(code, page), 'a.ts')
    writeFileSync(join(folder, `page-${i}.mjs`), js)
    runnable.push(
      `await import('./page-${i}.mjs').catch(error => failed.push('${page}: ' + error.message))`,
    )
  }
  runnable.push('console.log(JSON.stringify(failed))')
  writeFileSync(join(folder, 'pages.mjs'), runnable.join('\n'))
  const { stdout } = await run(process.execPath, ['pages.mjs'], { cwd: folder })
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string)).toEqual([])
})

test('every estimator has a page', () => {
  const kebab = (name: string) =>
    name
      .replace(/([a-z\d])([A-Z])/g, '$1-$2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
      .toLowerCase()
  const estimators = [...exportsOf('src/classic/index.ts')].filter(({ node, path }) =>
    (node.declaration ?? node).body?.body?.some(
      (member: Node) =>
        member.static && member.key?.name === 'definition' && path.includes('classic'),
    ),
  )
  expect(estimators.length).toBeGreaterThan(5)
  const missing = estimators
    .map(({ name }) => `docs/classic/${kebab(name)}.md`)
    .filter(page => !classicPages.includes(page))
  expect(missing).toEqual([])
})

describe('the READMEs', () => {
  test.each(programs.flatMap(({ isRun }, i) => (isRun ? [i + 1] : [])))(
    'program %s runs',
    async n => {
      const code = checked(programs[n - 1].code, 'README.md')
      const { code: js } = await transformWithOxc(code, 'a.ts')
      writeFileSync(join(folder, 'same.mjs'), same)
      writeFileSync(join(folder, `readme-${n}.mjs`), `import './same.mjs'\n${js}`)
      await run(process.execPath, [`readme-${n}.mjs`], { cwd: folder })
    },
  )

  test('show the same programs and commands', () => {
    const [english, chinese] = readmes.map(path =>
      blocksOf(path).filter(({ language }) => language !== 'text'),
    )
    expect(chinese).toEqual(english)
  })

  test('have the same structure', () => {
    const [english, chinese] = readmes.map(path => {
      const text = read(path).replace(/^```[\s\S]*?^```$/gm, '')
      return {
        headings: [...text.matchAll(/^(#+) /gm)].map(([, marks]) => marks.length),
        tables: [...text.matchAll(/^\|.*$/gm)].map(([row]) => row.split('|').length),
        items: text.match(/^- /gm)?.length,
        code: [...text.matchAll(/`--[^`]+`/g)].map(([code]) => code).sort(),
      }
    })
    expect(chinese).toEqual(english)
  })

  test.each(readmes)(
    '%s names every option of the command line, and the runs that take it',
    path => {
      const say = sayIn(path === 'README.md' ? 'en' : 'zh')
      const found: Record<string, string> = {}
      for (const [row] of read(path).matchAll(/^\|.*`--.*$/gm)) {
        const [, , options, runs] = row.split(/(?<!\\)\|/).map(cell => cell.trim())
        for (const [, flag] of options.matchAll(/`--([a-z0-9-]+)/g)) found[camel(flag)] = runs
      }
      const { config: _config, json: _json, ...named } = found
      const titles = allParameterNames.map(name => [name, kindsText(name, say).slice(1, -1)])
      const all = say.language === 'zh' ? '全部' : 'all'
      expect(named).toEqual(Object.fromEntries(titles.map(([name, text]) => [name, text || all])))
    },
  )
})

test.each([...pages, ...classicPages, ...guidePages])(
  'links of %s lead to files that are there',
  path => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link.split('#')[0])
    const missing = links.filter(
      link => link !== '' && !/^https?:/.test(link) && !existsSync(join(root, dirname(path), link)),
    )
    expect(missing).toEqual([])
  },
)

test('every public name has a comment', () => {
  const bare = [...surface.values()].filter(declaration => commentOf(declaration) === undefined)
  expect(bare.map(({ path, name }) => `${path}: ${name}`)).toEqual([])
})
