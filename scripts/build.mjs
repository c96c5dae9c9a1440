#!/usr/bin/env node
// `npm run build`: TypeScript → dist/, the kernels → dist/kernels/ as WebAssembly and, where a C++17
// compiler is found, as the native addon. Steps whose inputs have not changed are passed over.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleForNode } from './bundle.mjs'
import {
  contentHash,
  filesBelow,
  isFresh,
  readState,
  root,
  withLock,
  writeState,
} from './incremental.mjs'

const dist = join(root, 'dist')
const kernelsOut = join(dist, 'kernels')

/** A step's failure that was already told on the terminal; no stack is wanted. */
export class BuildError extends Error {}

const isKernelSource = path => /\.(h|hpp|c|cc|cpp|inc|mjs|json)$/.test(path)
const isProductSource = path =>
  path.endsWith('.ts') && !/\.(test|conformance)\.ts$|\/(fixtures|testing)\//.test(path)

const steps = [
  {
    name: 'TypeScript',
    inputs: async () => [
      ...(await filesBelow(join(root, 'src'), isProductSource)),
      join(root, 'tsconfig.json'),
      join(root, 'tsconfig.build.json'),
      join(root, 'scripts', 'bundle.mjs'),
      join(root, 'package.json'),
    ],
    facts: () => packageVersion('typescript'),
    run: compileTypeScript,
  },
  kernelStep('WebAssembly kernels', 'build-wasm.mjs', 'buildWasm', {
    facts: () => packageVersion('@yowasp/clang'),
    produces: path => path.includes('.wasm'),
  }),
  kernelStep('native kernels', 'build-native.mjs', 'buildNative', {
    facts: compilerFacts,
    produces: path => /\.(node|so|dylib|dll)$/.test(path),
  }),
]

/**
 * Builds what is missing or out of date. `log` gets one line a step that had something to do.
 * Returns the names of those steps.
 */
export async function build({ log = console.error } = {}) {
  return withLock(async () => {
    const state = await readState()
    const done = []
    for (const step of steps) {
      const inputs = await step.inputs()
      if (inputs === undefined) continue
      const hash = await contentHash(inputs, [process.platform, process.arch, await step.facts()])
      if (isFresh(state[step.name], hash)) continue
      const start = performance.now()
      const { outputs, note } = await step.run(log)
      state[step.name] = { hash, outputs: outputs.map(path => relative(root, path)).sort() }
      await writeState(state)
      log(note ?? `build: ${step.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
      done.push(step.name)
    }
    return done
  }, log)
}

/**
 * Node and browsers get the same code in two forms. Browsers (and their bundlers) get the modules as
 * they are, and so do types. Node gets them joined in dist/node/, since opening 250 files takes longer
 * than all else at start; dist/index.js and the other names that one imports lead there.
 */
async function compileTypeScript() {
  const emit = join(root, 'build', 'emit')
  await rm(emit, { recursive: true, force: true })
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const code = await run(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')])
  await joinForNode(emit)
  const outputs = await publish(emit)
  if (code !== 0) throw new BuildError('build: TypeScript found errors')
  return { outputs }
}

/** What Node imports by name, and the module in dist/ that stands for it. */
const nodeEntries = {
  index: 'index.js',
  cli: 'cli/main.js',
  data: 'data/node/index.js',
}
const entriesForBoth = {
  metrics: 'estimator/metrics/index.js',
  nn: 'nn/index.js',
  optim: 'optim/index.js',
  train: 'train/index.js',
}
const browserEntries = ['index.browser.js', 'data/index.js', ...Object.values(entriesForBoth)]

async function joinForNode(emit) {
  const { rolldown } = await import('rolldown')
  const at = path => join(emit, path)
  const entries = Object.entries({ ...nodeEntries, ...entriesForBoth })
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map(([name, path]) => [name, at(path)])),
    platform: 'node',
    external: specifier => /^(node:|@|[a-z])/.test(specifier),
    resolve: { alias: { '#platform': at('platform/node.js') } },
  })
  // One flat folder: modules find the kernels and package.json by their depth below dist/.
  await bundle.write({ dir: at('node'), chunkFileNames: 'part-[name].js', comments: false })
  await bundle.close()

  const kept = await modulesBelow(emit, browserEntries)
  const isModule = path => path.endsWith('.js') && !path.startsWith('build/emit/node/')
  for (const path of await filesBelow(emit, isModule)) if (!kept.has(path)) await rm(path)
  for (const [name, path] of Object.entries(nodeEntries)) {
    const target = relative(dirname(at(path)), at(`node/${name}.js`)).replaceAll('\\', '/')
    const from = target.startsWith('.') ? target : `./${target}`
    const stub =
      name === 'cli' ? `#!/usr/bin/env node\nimport '${from}'\n` : `export * from '${from}'\n`
    await mkdir(dirname(at(path)), { recursive: true })
    await writeFile(at(path), stub)
  }
}

/** The modules that browsers reach from `entries`, followed through tsc's plain import lines. */
async function modulesBelow(emit, entries) {
  const found = new Set()
  const queue = entries.map(path => join(emit, path))
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path) || !existsSync(path)) continue
    found.add(path)
    const text = await readFile(path, 'utf8')
    for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (specifier === '#platform') queue.push(join(emit, 'platform/browser.js'))
      if (specifier.startsWith('.')) queue.push(join(dirname(path), specifier))
    }
  }
  return found
}

/** Moves what changed from `emit` to dist/ and removes what no source stands behind any more. */
async function publish(emit) {
  const outputs = []
  for (const path of await filesBelow(emit)) {
    const target = join(dist, relative(emit, path))
    outputs.push(target)
    if (existsSync(target) && (await readFile(target)).equals(await readFile(path))) continue
    await mkdir(dirname(target), { recursive: true })
    await copyFile(path, `${target}.new`)
    await rename(`${target}.new`, target)
  }
  const keep = new Set(outputs)
  const ours = path => /\.(js|d\.ts)$/.test(path) && !path.startsWith('dist/kernels/')
  for (const path of await filesBelow(dist, ours)) if (!keep.has(path)) await rm(path)
  const bin = join(dist, nodeEntries.cli)
  if (keep.has(bin)) await chmod(bin, 0o755)
  return outputs
}

/** A step whose work lives in scripts/<file>; it is passed over while that file is not there. */
function kernelStep(name, file, functionName, { facts, produces }) {
  const script = join(root, 'scripts', file)
  return {
    name,
    facts,
    inputs: async () =>
      existsSync(script)
        ? [...(await filesBelow(join(root, 'kernels'), isKernelSource)), script]
        : undefined,
    run: async log => {
      await mkdir(kernelsOut, { recursive: true })
      const notes = []
      const module = await import(pathToFileURL(script).href)
      await module[functionName]({ outDir: kernelsOut, log: line => notes.push(line) })
      const outputs = await filesBelow(kernelsOut, produces)
      for (const line of notes.slice(0, -1)) log(`build: ${line}`)
      return { outputs, note: notes.length === 0 ? undefined : `build: ${notes.at(-1)}` }
    },
  }
}

async function packageVersion(name) {
  const manifest = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')
  return `${name}@${JSON.parse(manifest).version}`
}

/** Which compilers are in reach, so that one installed later is noticed. */
function compilerFacts() {
  const wanted = [process.env.CXX, 'c++', 'g++', 'clang++', 'cl.exe'].filter(Boolean)
  const folders = (process.env.PATH ?? '').split(delimiter)
  return wanted
    .map(name => folders.map(folder => join(folder, name)).find(path => existsSync(path)) ?? '')
    .join('|')
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })
}

/** For the scripts that build before they do their own work: false and exit code 1 if it failed. */
export async function buildOrExplain(options) {
  try {
    return await build(options)
  } catch (error) {
    console.error(error instanceof BuildError ? error.message : error)
    process.exitCode = 1
    return undefined
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const done = await buildOrExplain()
  if (done?.length === 0) console.error('build: up to date')
}
