#!/usr/bin/env node
// npm leaves optional packages of other platforms out of package-lock.json when it cannot fetch their
// description, and `npm ci` then refuses the file. This adds them, by name and exact version, so that
// the lock is whole wherever it was made. Run it after a change of dependencies.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './incremental.mjs'

const file = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const { packages } = lock

for (const [path, entry] of Object.entries(packages))
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(path, name)) continue
    const platform = /-(android|darwin|linux|win32)-(arm64|x64)(-musl)?$/.exec(name)
    if (!platform || !/^\d/.test(version))
      throw new Error(`${path}: cannot lock ${name}@${version}`)
    packages[`node_modules/${name}`] = {
      version,
      cpu: [platform[2]],
      ...(entry.dev ? { dev: true } : {}),
      ...(platform[1] === 'linux' ? { libc: [platform[3] ? 'musl' : 'glibc'] } : {}),
      optional: true,
      os: [platform[1]],
    }
    console.error(`locked ${name}@${version}`)
  }

/** Whether `name`, asked for by the package at `path`, has an entry where Node would look. */
function isLocked(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (at === '') return false
  }
}

lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
