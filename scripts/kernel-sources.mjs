// The kernels' source files, each with a hash of all that it includes, and atomic writing: what the
// two kernel builds share.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const kernelsFolder = join(root, 'kernels')

export function hashOf(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/**
 * @returns {{ headers: Record<string, string>, sources: { name: string, text: string, hash: string }[] }}
 */
export function kernelSources() {
  const names = readdirSync(kernelsFolder).sort()
  const read = name => readFileSync(join(kernelsFolder, name), 'utf8')
  const headers = Object.fromEntries(names.filter(n => n.endsWith('.h')).map(n => [n, read(n)]))
  const sources = names
    .filter(name => name.endsWith('.cpp'))
    .map(name => {
      const text = read(name)
      return { name, text, hash: hashOf(text, ...included(text, headers)) }
    })
  return { headers, sources }
}

/** Texts of the headers that a text includes, directly or not. */
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
