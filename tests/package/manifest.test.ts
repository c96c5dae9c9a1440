// Promises of package.json: nothing runs at install time, and every name it exports is there.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { repository } from '../packed-package.js'

const read = (path: string) => JSON.parse(readFileSync(join(repository, path), 'utf8'))
const manifest = read('package.json')
const lock = read('package-lock.json')

test('no install scripts, and nothing that makes npm run one', () => {
  const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare']
  expect(hooks.filter(hook => hook in manifest.scripts)).toEqual([])
  expect(manifest.gypfile).toBeUndefined()
  expect(existsSync(join(repository, 'binding.gyp'))).toBe(false)
})

test('no dependency needs an install script', () => {
  const needy = Object.entries(lock.packages as Record<string, LockedPackage>)
    // fsevents is macOS's optional file watcher of the development server; nothing here uses it.
    .filter(([path, entry]) => entry.hasInstallScript && path !== 'node_modules/fsevents')
    .map(([path]) => path)
  expect(needy).toEqual([])
})

test('the lock names the packages of every platform, or npm ci would refuse it', () => {
  const packages = lock.packages as Record<string, LockedPackage>
  const missing = Object.values(packages)
    .flatMap(entry => Object.keys(entry.optionalDependencies ?? {}))
    .filter(name => !Object.keys(packages).some(path => path.endsWith(`node_modules/${name}`)))
  expect(missing, 'run node scripts/complete-lock.mjs').toEqual([])
})

interface LockedPackage {
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Record<string, string>
}

test('every export and the command lead to files that are built', () => {
  const targets: string[] = []
  const collect = (value: unknown) => {
    if (typeof value === 'string') targets.push(value)
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(collect)
  }
  collect([manifest.exports, manifest.imports, manifest.bin])
  expect(targets.filter(target => !existsSync(join(repository, target)))).toEqual([])
})

test('the public surface is the listed one', async () => {
  const lines: string[] = []
  for (const [subpath, target] of Object.entries(manifest.exports as Record<string, Target>)) {
    if (typeof target === 'string') continue
    const name = subpath.replace(/^\./, 'athanor')
    for (const [label, file] of [
      [name, target.default],
      [`${name} (browser)`, target.browser?.default],
    ] as const) {
      if (file === undefined) continue
      const module = await import(pathToFileURL(join(repository, file)).href)
      for (const key of Object.keys(module).sort()) lines.push(`${label}: ${key}`)
    }
  }
  // `npm test -- tests/package/manifest.test.ts -u` writes a change down; review it like an API.
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./public-surface.txt')
})

interface Target {
  readonly default: string
  readonly browser?: { readonly default: string }
}
