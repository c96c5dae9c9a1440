// Compiles the kernels for this machine: the Node-API addon and one shared library for each
// instruction set. One compiler call per file and library, no build system; what has not changed is
// not compiled again. Without a compiler there is one line, and WebAssembly does the work.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const kernelsFolder = join(root, 'kernels')

export function hashOf(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** Compiled once ahead of the sources where many are missing; their objects are the same without. */
export const standardHeaders = 'standard-headers.h'
export const fewestAhead = 4

/**
 * Sources with the headers they include, directly or not, as `seen`.
 * @returns {{ headers: Record<string, string>, sources: { name: string, text: string, seen: string[], hash: string }[] }}
 */
export function kernelSources() {
  const below = ['', 'addon/', 'learn/']
  const names = below.flatMap(folder =>
    readdirSync(join(kernelsFolder, folder))
      .sort()
      .map(name => `${folder}${name}`),
  )
  const read = name => readFileSync(join(kernelsFolder, name), 'utf8')
  const headers = Object.fromEntries(names.filter(n => n.endsWith('.h')).map(n => [n, read(n)]))
  const sources = names
    .filter(name => name.endsWith('.cpp'))
    .map(name => {
      const text = read(name)
      const seen = included(text, headers)
      return { name, text, seen, hash: hashOf(text, ...seen) }
    })
  return { headers, sources }
}

/** Texts of the headers that a text includes, directly or not; all by their path below kernels/. */
function included(text, headers) {
  const seen = new Set()
  const visit = source => {
    for (const [, name] of source.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)) {
      if (seen.has(name) || !(name in headers)) continue
      seen.add(name)
      visit(headers[name])
    }
  }
  visit(text)
  return [...seen].sort().map(name => headers[name])
}

/** Whole or not at all: another process may be reading the old file. */
export function writeWhole(file, data) {
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, data)
  renameSync(temporary, file)
}

/** Flags of each instruction set; the best that the processor has is opened at run time. */
const instructionSets = {
  x64: {
    sse2: ['-msse2'],
    avx2: ['-mavx2', '-mfma', '-mbmi', '-mbmi2'],
    avx512: [
      ...['-mavx2', '-mfma', '-mbmi', '-mbmi2', '-mavx512f', '-mavx512bw', '-mavx512dq'],
      ...['-mavx512vl', '-mprefer-vector-width=512'],
    ],
  },
  arm64: { neon: [] },
}

// -ffp-contract=fast: a * b + c may become one rounding. The same code runs at any thread count, so
// results keep their bits. No -ffast-math: NaN and infinity count.
const commonFlags = [
  ...['-std=c++17', '-O3', '-fPIC', '-fvisibility=hidden', '-fvisibility-inlines-hidden'],
  ...['-fno-math-errno', '-fno-trapping-math', '-ffp-contract=fast', '-Wall', '-Wextra'],
]

function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'clang++', 'c++']
  for (const name of candidates) {
    const version = spawnSync(name, ['--version'], { encoding: 'utf8' })
    if (version.status === 0) return { name, version: version.stdout.split('\n')[0] }
  }
  return undefined
}

function execute(command, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    child.stdout.on('data', part => {
      text += part
    })
    child.stderr.on('data', part => {
      text += part
    })
    child.on('error', reject)
    child.on('close', code =>
      code === 0 ? resolve(text) : reject(new Error(`${command} ${parameters.join(' ')}\n${text}`)),
    )
  })
}

/** Leaves the standard headers in `folder` in the form that the compiler reads at once. */
async function compileHeaders(compiler, flags, folder) {
  mkdirSync(folder, { recursive: true })
  const header = join(folder, standardHeaders)
  writeFileSync(header, readFileSync(join(kernelsFolder, standardHeaders)))
  await execute(compiler, [...flags, '-x', 'c++-header', header, '-o', `${header}.gch`])
}

async function inParallel(jobs, width, progress) {
  const queue = [...jobs]
  let done = 0
  await Promise.all(
    Array.from({ length: Math.min(width, queue.length) }, async () => {
      while (queue.length > 0) {
        await queue.shift()()
        progress(++done, jobs.length)
      }
    }),
  )
}

function addonHeaders() {
  const require = createRequire(import.meta.url)
  return join(dirname(require.resolve('node-api-headers/package.json')), 'include')
}

/**
 * Builds `<outDir>/<platform>-<arch>/athanor.node` and `athanor-<isa>.so`.
 * `progress` hears files done, and of how many.
 * @param {{ outDir?: string, log?: (line: string) => void, isas?: string[], progress?: (done: number, of: number) => void }} options
 * @returns {Promise<{ built: boolean, reason?: string }>}
 */
export async function buildNative({
  outDir = join(root, 'dist', 'kernels'),
  log = console.log,
  isas,
  progress = () => {},
} = {}) {
  const skip = reason => {
    log(`native kernels: skipped (${reason}); WebAssembly will be used`)
    return { built: false, reason }
  }
  if (process.platform === 'win32') return skip('not built on Windows yet')
  const sets = instructionSets[process.arch]
  if (!sets) return skip(`no instruction set known for ${process.arch}`)
  const compiler = findCompiler()
  if (!compiler) return skip('no C++ compiler found (g++, clang++ or c++)')

  const target = join(outDir, `${process.platform}-${process.arch}`)
  const objects = join(root, 'build', 'native', `${process.platform}-${process.arch}`)
  mkdirSync(target, { recursive: true })
  mkdirSync(objects, { recursive: true })
  const all = kernelSources().sources
  const ofAddon = all.filter(({ name }) => name.startsWith('addon/'))
  const sources = all.filter(source => !ofAddon.includes(source))
  const chosen = isas ?? process.env.ATHANOR_BUILD_ISAS?.split(',') ?? Object.keys(sets)
  const linux = process.platform === 'linux'
  const gnu = /g\+\+|GCC/i.test(compiler.version) && !/clang/i.test(compiler.version)
  // The addon and the pool's threads stay in the process for good.
  const shared = [
    ...['-shared', '-pthread'],
    ...(linux ? ['-Wl,-z,nodelete', '-Wl,-s'] : ['-undefined', 'dynamic_lookup']),
    ...(linux && gnu ? ['-static-libstdc++', '-static-libgcc'] : []),
  ]

  const compile = []
  const link = []
  const keep = new Set()
  const ahead = []
  for (const isa of chosen) {
    const flags = [...commonFlags, ...sets[isa]]
    const objectOf = ({ name, hash }) =>
      join(
        objects,
        `${isa}-${name.replace('/', '-')}-${hashOf(compiler.version, hash, ...flags).slice(0, 16)}.o`,
      )
    const parts = sources.map(objectOf)
    const missing = sources.filter(source => !existsSync(objectOf(source)))
    const folder = join(objects, `${isa}-ahead`)
    const withHeaders = []
    if (missing.length >= fewestAhead)
      ahead.push(async () => {
        await compileHeaders(compiler.name, flags, folder)
        withHeaders.push('-include', join(folder, standardHeaders))
      })
    for (const part of parts) keep.add(part)
    for (const source of missing) {
      const object = objectOf(source)
      compile.push(async () => {
        const warnings = await execute(compiler.name, [
          ...flags,
          ...withHeaders,
          '-I',
          kernelsFolder,
          '-c',
          join(kernelsFolder, source.name),
          '-o',
          `${object}.tmp`,
        ])
        if (warnings) log(warnings.trimEnd())
        renameSync(`${object}.tmp`, object)
      })
    }
    link.push({ file: join(target, `athanor-${isa}.so`), inputs: parts, flags: [] })
  }
  const headerFlags = ['-I', addonHeaders()]
  const addonObjects = ofAddon.map(({ name, hash }) => {
    const object = join(
      objects,
      `${name.replace('/', '-')}-${hashOf(compiler.version, hash, ...commonFlags).slice(0, 16)}.o`,
    )
    keep.add(object)
    if (!existsSync(object))
      compile.push(async () => {
        await execute(compiler.name, [
          ...commonFlags,
          ...headerFlags,
          '-I',
          kernelsFolder,
          '-c',
          join(kernelsFolder, name),
          '-o',
          `${object}.tmp`,
        ])
        renameSync(`${object}.tmp`, object)
      })
    return object
  })
  link.push({
    file: join(target, 'athanor.node'),
    inputs: addonObjects,
    flags: linux ? ['-ldl'] : [],
  })

  const started = performance.now()
  await inParallel(ahead, availableParallelism(), () => {})
  await inParallel(compile, availableParallelism(), progress)
  for (const isa of chosen) rmSync(join(objects, `${isa}-ahead`), { recursive: true, force: true })
  let linked = 0
  for (const { file, inputs, flags } of link) {
    const stamp = join(objects, `${file.slice(target.length + 1)}.linked`)
    const want = hashOf(...inputs, ...shared)
    if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === want) continue
    // A process may have the old file mapped: replace it, never write into it.
    await execute(compiler.name, [...inputs, ...shared, ...flags, '-o', `${file}.tmp`])
    renameSync(`${file}.tmp`, file)
    writeFileSync(stamp, want)
    linked++
  }
  // A library left over from other sources must not be found.
  for (const name of readdirSync(target)) {
    const isa = /^athanor-(\w+)\.so$/.exec(name)?.[1]
    if (isa && !chosen.includes(isa)) rmSync(join(target, name))
  }
  for (const name of readdirSync(objects)) {
    const object = join(objects, name)
    const ours = chosen.some(isa => name.startsWith(`${isa}-`)) || name.startsWith('addon-')
    if (name.endsWith('.o') && ours && !keep.has(object)) rmSync(object)
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  log(
    linked === 0
      ? `native kernels: up to date (${chosen.join(', ')})`
      : `native kernels: ${chosen.join(', ')} with ${compiler.version} in ${seconds} s`,
  )
  return { built: true }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildNative()
