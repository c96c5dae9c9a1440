// Compiles the kernels to WebAssembly with clang from npm: no system toolchain. Two files, since a
// module is validated as a whole: plain 128-bit SIMD, and relaxed SIMD with fused multiply-add. Each
// also comes as a JavaScript module (base64) for bundlers and browsers.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { fewestAhead, hashOf, kernelSources, standardHeaders, writeWhole } from './build-native.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const cache = join(root, 'build', 'wasm')

const variants = {
  simd128: ['-msimd128'],
  // Products are fused where the code says so, nowhere else: relaxed ones may round in between, and
  // arithmetic in two parts (pow) counts on every rounding.
  relaxed: ['-msimd128', '-mrelaxed-simd', '-ffp-contract=off'],
}

const commonFlags = [
  ...['--target=wasm32-wasip1', '-std=c++17', '-O3', '-fvisibility=hidden', '-fno-exceptions'],
  ...[
    '-fno-rtti',
    '-fno-math-errno',
    '-fno-trapping-math',
    '-ffp-contract=fast',
    '-Wall',
    '-Wextra',
  ],
]

const linkFlags = [
  ...['--target=wasm32-wasip1', '-nostartfiles', '-O3', '-Wl,--no-entry', '-Wl,--strip-all'],
  ...['-Wl,--export-dynamic', '-Wl,-z,stack-size=262144', '-Wl,--max-memory=4294967296'],
]

/** The only thing by which sources tell the variants apart; without it both get one object. */
const relaxedMark = '__wasm_relaxed_simd__'
/** Where these are included, reading the headers compiled ahead is quicker. */
const isLargeHeader = /#\s*include <(algorithm|memory|queue|vector)>/
/** Each thread holds a compiler of its own. */
const mostThreads = 4

/** What one variant is made of, and what of it is missing. */
function planVariant(variant, { headers, sources }, outDir) {
  const { version } = JSON.parse(readFileSync(new URL('package.json', clangPackage()), 'utf8'))
  const objects = sources
    .filter(({ name }) => !name.startsWith('addon/'))
    .map(({ name, text, seen, hash }) => {
      const texts = [text, ...seen]
      const own = texts.some(t => t.includes(relaxedMark)) ? variant : 'simd128'
      const flags = flagsOf(own)
      const object = `${own}-${name.replace('/', '-')}-${hashOf(version, hash, ...flags).slice(0, 16)}.o`
      const isLarge = texts.some(t => isLargeHeader.test(t))
      return { name, text, object, own, isLarge, path: join(cache, object) }
    })
  const file = join(outDir, `athanor-${variant}.wasm`)
  const stamp = join(cache, `${variant}.linked`)
  const want = hashOf(...objects.map(({ object }) => object), ...linkFlags)
  const isFresh =
    [file, `${file}.js`, stamp].every(path => existsSync(path)) &&
    readFileSync(stamp, 'utf8') === want
  const missing = objects.filter(({ own, path }) => own === variant && !existsSync(path))
  return { variant, headers, objects, missing, file, stamp, want, isFresh }
}

const flagsOf = variant => [...commonFlags, ...variants[variant]]

function clangPackage() {
  return new URL('..', import.meta.resolve('@yowasp/clang'))
}

/** Files by path as the nested folders that the compiler takes. */
function tree(files) {
  const top = {}
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/')
    const folder = parts.slice(0, -1).reduce((at, part) => (at[part] ??= {}), top)
    folder[parts.at(-1)] = text
  }
  return top
}

async function openClang(log) {
  const { runClang, runLLVM } = await import('@yowasp/clang')
  await runLLVM(null, {}, { fetchProgress: () => {} }) // reads the compiler, and says nothing
  return async (parameters, files) => {
    let text = ''
    const note = bytes => {
      if (bytes) text += new TextDecoder().decode(bytes)
    }
    try {
      const out = await runClang(['clang++', ...parameters], files, { stdout: note, stderr: note })
      if (text) log(text.trimEnd())
      return out
    } catch {
      throw new Error(`clang++ ${parameters.join(' ')}\n${text}`)
    }
  }
}

/**
 * Compiles what is missing of all variants, beginning with `first`: whoever takes a number of `taken`
 * compiles that object.
 */
async function compileMissing({ plans, first, taken }, log, onFile) {
  const clang = await openClang(log)
  const next = new Int32Array(taken)
  for (let i = 0; i < plans.length; i++) {
    const at = (first + i) % plans.length
    const { variant, headers, missing } = plans[at]
    const flags = flagsOf(variant)
    // A thread that helps another out has few objects before it.
    const large = missing.filter(({ isLarge }) => isLarge).length
    let ahead = i > 0 || large < fewestAhead ? null : undefined
    for (let k = Atomics.add(next, at, 1); k < missing.length; k = Atomics.add(next, at, 1)) {
      const { name, text, path, isLarge } = missing[k]
      if (isLarge && ahead === undefined) ahead = await headersAhead(clang, flags, headers)
      const files = { ...headers, [name]: text, ...(isLarge ? ahead?.files : {}) }
      const given = isLarge && ahead !== null ? ahead.flags : []
      const compile = more =>
        clang([...flags, ...given, ...more, '-I.', '-c', name, '-o', 'out.o'], tree(files))
      // This clang's loop vectorizer can trip over its own assertions; kernels that matter use
      // vectors by hand.
      const out = await compile([]).catch(error => {
        if (!/Assertion failed/.test(error.message)) throw error
        log(`${name}: compiled without the loop vectorizer, which failed`)
        return compile(['-fno-vectorize'])
      })
      writeWhole(path, out['out.o'])
      onFile()
    }
  }
}

async function headersAhead(clang, flags, headers) {
  const compiled = `${standardHeaders}.pch`
  const files = { [standardHeaders]: headers[standardHeaders] }
  const out = await clang([...flags, '-x', 'c++-header', standardHeaders, '-o', compiled], files)
  return { files: { [compiled]: out[compiled] }, flags: ['-include-pch', compiled] }
}

async function linkVariant(clang, { variant, objects, file, stamp, want }) {
  const inputs = Object.fromEntries(objects.map(o => [o.object, readFileSync(o.path)]))
  const out = await clang(
    [...linkFlags, ...variants[variant], ...Object.keys(inputs), '-o', 'out.wasm'],
    inputs,
  )
  const bytes = out['out.wasm']
  if (WebAssembly.validate(bytes)) {
    // Relaxed SIMD is unknown to Node 20.
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes))
    if (imports.length > 0) throw new Error(`the module imports ${JSON.stringify(imports)}`)
  }
  writeWhole(file, bytes)
  const base64 = Buffer.from(bytes).toString('base64')
  writeWhole(`${file}.js`, `// athanor-${variant}.wasm\nexport default '${base64}'\n`)
  writeWhole(`${file}.d.ts`, 'declare const base64: string\nexport default base64\n')
  writeFileSync(stamp, want)
}

/** The compiler is one-threaded: it runs in as many threads as the machine has room for. */
function compileInThread(work, log, onFile) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { athanorWasm: work } })
    worker.on('message', ({ line }) => (line === undefined ? onFile() : log(line)))
    worker.on('error', reject)
    worker.on('exit', code => (code === 0 ? resolve() : reject(new Error(`thread ended: ${code}`))))
  })
}

/**
 * Builds `<outDir>/athanor-simd128.wasm`, `athanor-relaxed.wasm` and `*.wasm.js` beside them.
 * `progress` hears files done, and of how many.
 * @param {{ outDir?: string, log?: (line: string) => void, progress?: (done: number, of: number) => void }} options
 * @returns {Promise<{ built: boolean, reason?: string }>}
 */
export async function buildWasm({
  outDir = join(root, 'dist', 'kernels'),
  log = console.log,
  progress = () => {},
} = {}) {
  mkdirSync(outDir, { recursive: true })
  mkdirSync(cache, { recursive: true })
  const started = performance.now()
  const kernels = kernelSources()
  const plans = Object.keys(variants).map(variant => planVariant(variant, kernels, outDir))
  const stale = plans.filter(plan => !plan.isFresh)
  const missing = plans.reduce((sum, plan) => sum + plan.missing.length, 0)
  let done = 0
  const onFile = () => progress(++done, missing)
  const threads = Math.min(availableParallelism(), mostThreads, missing)
  const taken = new SharedArrayBuffer(4 * plans.length)
  const works = Array.from({ length: threads }, (_, i) => ({
    plans,
    first: i % plans.length,
    taken,
  }))
  const compile = threads < 2 ? compileMissing : compileInThread
  await Promise.all(works.map(work => compile(work, log, onFile)))
  const clang = stale.length === 0 ? null : await openClang(log)
  for (const plan of stale) await linkVariant(clang, plan)
  const keep = new Set(plans.flatMap(plan => plan.objects.map(({ object }) => object)))
  for (const name of readdirSync(cache))
    if (name.endsWith('.o') && !keep.has(name)) rmSync(join(cache, name))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  log(
    stale.length === 0
      ? 'wasm kernels: up to date'
      : `wasm kernels: ${stale.map(({ variant }) => variant).join(', ')} in ${seconds} s`,
  )
  return { built: true }
}

if (workerData?.athanorWasm)
  await compileMissing(
    workerData.athanorWasm,
    line => parentPort.postMessage({ line }),
    () => parentPort.postMessage({}),
  )
else if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasm()
