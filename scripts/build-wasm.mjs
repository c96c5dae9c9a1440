// Compiles the kernels to WebAssembly with clang from npm: no system toolchain. Two files, since a
// module is validated as a whole: plain 128-bit SIMD, and relaxed SIMD with fused multiply-add. Each
// also comes as a JavaScript module (base64) for bundlers and browsers.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf, kernelSources, writeWhole } from './build-native.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const variants = {
  simd128: ['-msimd128'],
  relaxed: ['-msimd128', '-mrelaxed-simd'],
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

async function loadClang() {
  const { runClang, runLLVM } = await import('@yowasp/clang')
  await runLLVM(null, {}, { fetchProgress: () => {} }) // reads the compiler, and says nothing
  return runClang
}

/**
 * Builds `<outDir>/athanor-simd128.wasm`, `athanor-relaxed.wasm` and `*.wasm.js` beside them.
 * @param {{ outDir?: string, log?: (line: string) => void }} options
 * @returns {Promise<{ built: boolean, reason?: string }>}
 */
export async function buildWasm({
  outDir = join(root, 'dist', 'kernels'),
  log = console.log,
} = {}) {
  const cache = join(root, 'build', 'wasm')
  mkdirSync(outDir, { recursive: true })
  mkdirSync(cache, { recursive: true })
  const { headers, sources: all } = kernelSources()
  const sources = all.filter(({ name }) => name !== 'addon.cpp')

  // Loading the compiler takes a moment, so only where something has changed.
  let clang
  const runClang = async (parameters, files) => {
    clang ??= await loadClang()
    let text = ''
    const note = bytes => {
      if (bytes) text += new TextDecoder().decode(bytes)
    }
    try {
      const out = await clang(['clang++', ...parameters], files, {
        stdout: note,
        stderr: note,
      })
      if (text) log(text.trimEnd())
      return out
    } catch {
      throw new Error(`clang++ ${parameters.join(' ')}\n${text}`)
    }
  }

  const started = performance.now()
  const keep = new Set()
  let linked = 0
  for (const [variant, extra] of Object.entries(variants)) {
    const flags = [...commonFlags, ...extra]
    const objects = {}
    for (const { name, text, hash } of sources) {
      const object = `${variant}-${name}-${hashOf(hash, ...flags).slice(0, 16)}.o`
      keep.add(object)
      if (!existsSync(join(cache, object))) {
        const compile = more =>
          runClang([...flags, ...more, '-c', name, '-o', 'out.o'], { ...headers, [name]: text })
        // This clang's loop vectorizer can trip over its own assertions; kernels that matter use
        // vectors by hand.
        const out = await compile([]).catch(error => {
          if (!/Assertion failed/.test(error.message)) throw error
          log(`${name}: compiled without the loop vectorizer, which failed`)
          return compile(['-fno-vectorize'])
        })
        writeWhole(join(cache, object), out['out.o'])
      }
      objects[object] = join(cache, object)
    }
    const file = join(outDir, `athanor-${variant}.wasm`)
    const stamp = join(cache, `${variant}.linked`)
    const want = hashOf(...Object.keys(objects), ...linkFlags)
    if (
      existsSync(file) &&
      existsSync(`${file}.js`) &&
      existsSync(stamp) &&
      readFileSync(stamp, 'utf8') === want
    )
      continue
    const inputs = Object.fromEntries(
      Object.entries(objects).map(([n, path]) => [n, readFileSync(path)]),
    )
    const out = await runClang(
      [...linkFlags, ...extra, ...Object.keys(inputs), '-o', 'out.wasm'],
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
    linked++
  }
  for (const name of readdirSync(cache))
    if (name.endsWith('.o') && !keep.has(name)) rmSync(join(cache, name))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  log(
    linked === 0
      ? 'wasm kernels: up to date'
      : `wasm kernels: ${Object.keys(variants).join(', ')} in ${seconds} s`,
  )
  return { built: true }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasm()
