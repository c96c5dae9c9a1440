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
      join(root, 'package.json'),
      join(root, 'scripts', 'bundle.mjs'),
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
      if (step.takesLong) log(`build: ${step.name} …`)
      const { outputs, note } = await step.run(everyFewSeconds(step.name, log))
      state[step.name] = { hash, outputs: outputs.map(path => relative(root, path)).sort() }
      await writeState(state)
      log(note ?? `build: ${step.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`)
      done.push(step.name)
    }
    return done
  }, log)
}

/** Hears how many files are done of how many, and says so from time to time, with the time that is left. */
function everyFewSeconds(name, log) {
  const began = performance.now()
  let said = began
  return (done, of) => {
    const now = performance.now()
    if (now - said < 15_000 || done === of) return
    said = now
    const minutes = (((now - began) / done) * (of - done)) / 60_000
    const left = minutes < 1 ? 'less than a minute' : `about ${Math.ceil(minutes)} min`
    log(`build: ${name}: ${done} of ${of} files, ${left} left`)
  }
}

async function compileTypeScript() {
  const emit = join(root, 'build', 'emit')
  await rm(emit, { recursive: true, force: true })
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const code = await run(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')])
  await bundleForNode(emit)
  const outputs = await publish(emit)
  if (code !== 0) throw new BuildError('build: TypeScript found errors')
  return { outputs }
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
  const bin = join(dist, 'cli', 'main.js')
  if (keep.has(bin)) await chmod(bin, 0o755)
  return outputs
}

/** A step whose work lives in scripts/<file>; it is passed over while that file is not there. */
function kernelStep(name, file, functionName, { facts, produces }) {
  const script = join(root, 'scripts', file)
  return {
    name,
    takesLong: true,
    facts,
    inputs: async () =>
      existsSync(script)
        ? [...(await filesBelow(join(root, 'kernels'), isKernelSource)), script]
        : undefined,
    run: async progress => {
      await mkdir(kernelsOut, { recursive: true })
      const notes = []
      const module = await import(pathToFileURL(script).href)
      await module[functionName]({
        outDir: kernelsOut,
        log: line => notes.push(line),
        progress,
      })
      const outputs = await filesBelow(kernelsOut, produces)
      // Compilers' warnings are for whoever works on the kernels.
      const logFile = join(root, 'build', `${functionName}.log`)
      await mkdir(dirname(logFile), { recursive: true })
      await writeFile(logFile, `${notes.join('\n')}\n`)
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
