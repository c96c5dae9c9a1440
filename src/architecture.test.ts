// The floors of the house, enforced: which folder may import which, who may touch Node, no cycles
// between files, no giant files. ARCHITECTURE.md says why.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, parseSync } from 'vite'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** A folder may import from itself and from those before it. */
const floors = [
  'base',
  'platform',
  'data',
  'graph',
  'autodiff',
  'compile',
  'execute',
  'tensor',
  'modelfile',
  'features',
  'estimator',
  'nn',
  'optim',
  'train',
  'classic',
  'applications',
  'runs',
  'cli',
  'studio',
]

/** Product files that may import `node:*`. */
const mayUseNode = [
  /^src\/platform\/node[^/]*\.ts$/,
  /^src\/data\/(node\/.*|.*\.node)\.ts$/,
  /^src\/(runs|cli|studio\/server)\//,
]

const maximumLines = 600

interface SourceFile {
  readonly path: string
  readonly text: string
  readonly isTest: boolean
  /** Module specifiers of imports, type imports, re-exports and dynamic imports. */
  readonly imports: readonly string[]
  /** Those of them that are still there when types are erased. */
  readonly valueImports: readonly string[]
  /** Those of these that are read before anything runs: all but dynamic ones. */
  readonly startImports: readonly string[]
}

const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
  .map(entry => join(entry.parentPath, entry.name).slice(root.length))
  .filter(path => !path.includes('/fixtures/'))
  .sort()
  .map(readSource)
const product = files.filter(file => !file.isTest)
const paths = new Set(files.map(file => file.path))

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const isTest = /\.(test|conformance)\.ts$|\/testing\//.test(path)
  const found = specifiers(path, text)
  const valueImports = found.filter(({ typeOnly }) => !typeOnly).map(({ name }) => name)
  const startImports = found.filter(one => !one.typeOnly && !one.dynamic).map(({ name }) => name)
  const imports = found.map(({ name }) => name)
  return { path, text, isTest, imports, valueImports, startImports }
}

interface Specifier {
  readonly name: string
  readonly typeOnly: boolean
  readonly dynamic: boolean
}

function specifiers(path: string, text: string): Specifier[] {
  const found: Specifier[] = []
  const visit = (value: unknown) => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (value !== null && typeof value === 'object') {
      const node = value as Record<string, unknown>
      const source = (node.type === 'TSExternalModuleReference' ? node.expression : node.source) as
        | { type?: string; value?: unknown }
        | null
        | undefined
      if (/^(Import|Export|TSImport|TSExternal)/.test(String(node.type))) {
        const typeOnly =
          node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType'
        if (source?.type === 'Literal') {
          const dynamic = node.type === 'ImportExpression'
          found.push({ name: String(source.value), typeOnly, dynamic })
        }
      }
      for (const key in node) visit(node[key])
    }
  }
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  visit(program)
  return found
}

/** The files of this repository that a specifier stands for; none for a package or a Node module. */
function resolve(from: string, specifier: string): string[] {
  if (specifier === '#platform') return ['src/platform/node.ts', 'src/platform/browser.ts']
  if (!specifier.startsWith('.')) return []
  const target = normalize(join(dirname(from), specifier))
  return [target.replace(/\.js$/, '.ts')]
}

/** `src/graph/node.ts` → `graph`; files directly in src are entries above all floors. */
function floorOf(path: string): string {
  const parts = path.split('/')
  return parts.length > 2 ? (parts[1] as string) : 'entry'
}

describe('imports', () => {
  test('every folder is a floor', () => {
    const folders = new Set(product.map(file => floorOf(file.path)))
    expect([...folders].filter(folder => folder !== 'entry' && !floors.includes(folder))).toEqual(
      [],
    )
  })

  test('end in .js and lead to a file that is there', () => {
    const leadsNowhere = (path: string, specifier: string) =>
      /(?<!\.wasm)\.js$/.test(specifier) &&
      !resolve(path, specifier).every(target => paths.has(target))
    const broken = files.flatMap(({ path, imports }) =>
      imports
        .filter(specifier => specifier.startsWith('.'))
        .filter(
          specifier => /^\.\.?\/.*\.ts$|\/[^./]*$/.test(specifier) || leadsNowhere(path, specifier),
        )
        .map(specifier => `${path} → ${specifier}`),
    )
    expect(broken).toEqual([])
  })

  test('point only to the same floor or one below', () => {
    const order = [...floors, 'entry']
    const wrong = product.flatMap(({ path, imports }) =>
      imports
        .flatMap(specifier => resolve(path, specifier))
        .filter(target => order.indexOf(floorOf(target)) > order.indexOf(floorOf(path)))
        .map(target => `${path} → ${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('never lead into a test', () => {
    const tests = new Set(files.filter(file => file.isTest).map(file => file.path))
    const wrong = product.flatMap(({ path, imports }) =>
      imports
        .flatMap(specifier => resolve(path, specifier))
        .filter(target => tests.has(target))
        .map(target => `${path} → ${target}`),
    )
    expect(wrong).toEqual([])
  })

  test('of Node appear only where Node is meant', () => {
    const wrong = product
      .filter(({ path }) => !mayUseNode.some(pattern => pattern.test(path)))
      .flatMap(({ path, imports }) =>
        imports.filter(specifier => specifier.startsWith('node:')).map(name => `${path} → ${name}`),
      )
    expect(wrong).toEqual([])
  })

  test('of Node carry the node: prefix, and other packages are declared dependencies', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
    const wrong = product.flatMap(({ path, imports }) =>
      imports
        .filter(specifier => !/^(\.|node:|#platform$)/.test(specifier))
        .filter(name => !declared.some(dep => name === dep || name.startsWith(`${dep}/`)))
        .map(name => `${path} → ${name}`),
    )
    expect(wrong).toEqual([])
  })

  test('of DuckDB appear only in the data floor', () => {
    const wrong = product
      .filter(({ path }) => !path.startsWith('src/data/'))
      .flatMap(({ path, imports }) =>
        imports.filter(name => name.startsWith('@duckdb/')).map(name => `${path} → ${name}`),
      )
    expect(wrong).toEqual([])
  })

  // A type may name its user within a folder (a callback the model that it is given): that edge is
  // gone at run time. Between folders the floors forbid it.
  test('of the command line bring no engine before a command asks for it', () => {
    const byPath = new Map(product.map(file => [file.path, file]))
    const reached = new Set<string>()
    const visit = (path: string) => {
      if (reached.has(path)) return
      reached.add(path)
      for (const specifier of byPath.get(path)?.startImports ?? [])
        resolve(path, specifier).forEach(visit)
    }
    visit('src/cli/main.ts')
    const heavy = new Set(['compile', 'execute', 'tensor', 'nn', 'optim', 'train', 'classic'])
    expect(reached).toContain('src/runs/train-options.ts')
    expect([...reached].filter(path => heavy.has(floorOf(path)))).toEqual([])
  })

  test('form no cycle between files', () => {
    expect(cycles()).toEqual([])
  })
})

/** Each cycle once, as the chain of files that closes it (depth-first search with a path). */
function cycles(): string[] {
  const targets = new Map(
    product.map(({ path, valueImports }) => [
      path,
      valueImports
        .flatMap(specifier => resolve(path, specifier))
        .filter(target => paths.has(target)),
    ]),
  )
  const found: string[] = []
  const finished = new Set<string>()
  const trail: string[] = []
  const visit = (path: string) => {
    const at = trail.indexOf(path)
    if (at >= 0) found.push([...trail.slice(at), path].join(' → '))
    if (at >= 0 || finished.has(path)) return
    trail.push(path)
    for (const target of targets.get(path) ?? []) visit(target)
    trail.pop()
    finished.add(path)
  }
  for (const path of targets.keys()) visit(path)
  return found
}

describe('files', () => {
  test(`have at most ${maximumLines} lines`, () => {
    const long = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > maximumLines)
      .map(({ path, lines }) => `${path}: ${lines}`)
    expect(long).toEqual([])
  })

  test('open with a comment that says what they are for', () => {
    const silent = product
      .filter(({ text }) => !/^(\/\/|\/\*|#!)/.test(text))
      .map(({ path }) => path)
    expect(silent).toEqual([])
  })

  test('have kebab-case names that say something', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(node|browser|test|conformance|d))*\.ts$/
    const empty = /(^|\/)(utils?|helpers?|misc|common)(\.ts$|\/)/
    const wrong = files
      .map(({ path }) => path)
      .filter(path => !kebab.test(basename(path)) || empty.test(path))
    expect(wrong).toEqual([])
  })
})

describe('the browser entry', () => {
  /** Made by the build, so not there beside the source. */
  const builtKernels = /\/kernels\/athanor-\w+\.wasm\.js$/

  test('bundles without Node modules and without DuckDB', async () => {
    const outside: string[] = []
    const result = await build({
      configFile: false,
      root,
      logLevel: 'silent',
      resolve: { alias: { '#platform': join(root, 'src/platform/browser.ts') } },
      build: {
        write: false,
        minify: false,
        target: 'es2022',
        lib: { entry: join(root, 'src/index.browser.ts'), formats: ['es'] },
        rolldownOptions: {
          external: specifier => {
            if (builtKernels.test(specifier)) return true
            const isPackage = !/^(\.|\/|\0|#platform$)/.test(specifier)
            if (isPackage) outside.push(specifier)
            return isPackage
          },
        },
      },
    })
    const chunks = [result].flat().flatMap(bundle => ('output' in bundle ? bundle.output : []))
    const code = chunks.map(chunk => (chunk.type === 'chunk' ? chunk.code : '')).join('\n')
    expect(outside).toEqual([])
    expect(code.length).toBeGreaterThan(0)
    expect(code).not.toMatch(/['"]node:[a-z/]+['"]/)
    expect(code).not.toMatch(/@duckdb\//)
  }, 60_000)
})

test('nothing stands in the root but what belongs there', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
  const inRoot = tracked.filter(path => path !== '' && !path.includes('/'))
  const belongs =
    /^(\.\w+|LICENSE|[A-Z]+(\.zh-CN)?\.md|(biome|package(-lock)?|tsconfig(\.build)?)\.json|vitest\.config\.ts)$/
  expect(inRoot.length).toBeGreaterThan(5)
  expect(inRoot.filter(path => !belongs.test(path))).toEqual([])
})
