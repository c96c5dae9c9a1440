#!/usr/bin/env node
// src/features/numeric-kernel.c → numeric-kernel-wasm.ts beside it: a module of 4 KB that is part of the
// source, since preprocessing has to work before anything is built. Run it after a change of the C file.

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runClang, runLLVM } from '@yowasp/clang'

const at = name => fileURLToPath(new URL(`../src/features/${name}`, import.meta.url))
const source = readFileSync(at('numeric-kernel.c'), 'utf8')
const note = bytes => bytes && process.stderr.write(bytes)
const flags = [
  ...['--target=wasm32', '-nostdlib', '-nostartfiles', '-O3', '-msimd128', '-ffp-contract=off'],
  ...['-Wall', '-Wextra', '-Wl,--no-entry', '-Wl,--strip-all', '-Wl,-z,stack-size=4096'],
  '-Wl,--import-memory',
]

await runLLVM(null, {}, { fetchProgress: () => {} }) // reads the compiler, and says nothing
const built = await runClang(
  ['clang', ...flags, 'kernel.c', '-o', 'kernel.wasm'],
  { 'kernel.c': source },
  { stdout: note, stderr: note },
)
const bytes = built['kernel.wasm']
writeFileSync(
  at('numeric-kernel-wasm.ts'),
  `// Made by scripts/build-feature-kernel.mjs from numeric-kernel.c; not to be changed by hand.

/** SHA-256 of the C file. */
export const sourceHash = '${createHash('sha256').update(source).digest('hex')}'

export const base64 =
  '${Buffer.from(bytes).toString('base64')}'
`,
)
console.log(`numeric-kernel-wasm.ts: ${bytes.length} bytes`)
