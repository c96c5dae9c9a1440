// Node and browsers get the same code in two forms. Browsers (and their bundlers) get the modules as
// they are, and so do types. Node gets them joined into a few files in dist/node/, since opening 250
// takes longer than all else at start.

import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { rolldown } from 'rolldown'
import { filesBelow, root } from './incremental.mjs'

/** Joins the entries found in `folder` (a tree of emitted modules) into `folder`/node. */
export async function bundleForNode(folder) {
  const { forNode, forBrowsers } = await packageEntries()
  const at = path => join(folder, path)
  const bundle = await rolldown({
    input: Object.fromEntries(Object.entries(forNode).map(([name, path]) => [name, at(path)])),
    platform: 'node',
    external: specifier => /^(node:|@|[a-z])/.test(specifier),
    resolve: { alias: { '#platform': at('platform/node.js') } },
  })
  // One flat folder: modules find the kernels and package.json by their depth below dist/. What
  // `import 'athanor'` needs at once is one file: every further one costs it half a millisecond.
  const core = modulesNeededBy('index', (await bundle.generate()).output)
  await bundle.write({
    dir: at('node'),
    chunkFileNames: 'part-[name].js',
    codeSplitting: { groups: [{ name: 'core', test: id => core.has(id) }] },
  })
  await bundle.close()

  const kept = await modulesBelow(folder, forBrowsers)
  const isModule = path => path.endsWith('.js') && !path.startsWith('build/emit/node/')
  for (const path of await filesBelow(folder, isModule)) if (!kept.has(path)) await rm(path)
  // Whoever comes by the plain path gets the same modules.
  for (const [name, path] of Object.entries(forNode)) {
    if (kept.has(at(path))) continue
    const target = relative(dirname(at(path)), at(`node/${name}.js`))
      .split(sep)
      .join('/')
    const from = target.startsWith('.') ? target : `./${target}`
    const isCommand = name === 'cli'
    await mkdir(dirname(at(path)), { recursive: true })
    await writeFile(
      at(path),
      isCommand ? `#!/usr/bin/env node\nimport '${from}'\n` : `export * from '${from}'\n`,
    )
  }
}

/** Modules that an entry imports, directly or not, before it can run. */
function modulesNeededBy(entry, output) {
  const chunks = new Map(output.map(chunk => [chunk.fileName, chunk]))
  const found = new Set()
  const visit = chunk => {
    if (chunk === undefined || found.has(chunk)) return
    found.add(chunk)
    for (const name of chunk.imports) visit(chunks.get(name))
  }
  visit(output.find(chunk => chunk.isEntry && chunk.name === entry))
  return new Set([...found].flatMap(chunk => chunk.moduleIds))
}

/** What package.json offers: { name in dist/node: module } for Node, and the modules for browsers. */
async function packageEntries() {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const inDist = path => path.replace('./dist/', '')
  const forNode = { cli: 'cli/main.js' }
  const forBrowsers = []
  for (const target of Object.values(manifest.exports)) {
    if (typeof target === 'string') continue
    const name = inDist(target.default).replace(/^node\/|\.js$/g, '')
    forNode[name] = inDist(target.types).replace(/\.d\.ts$/, '.js')
    if (target.browser) forBrowsers.push(inDist(target.browser.default))
  }
  // `#platform` has to lead somewhere for whoever resolves it without a bundler.
  forBrowsers.push(inDist(manifest.imports['#platform'].default))
  return { forNode, forBrowsers }
}

/** The modules that are reached from `entries`, followed through tsc's plain import lines. */
async function modulesBelow(folder, entries) {
  const found = new Set()
  const queue = entries.map(path => join(folder, path))
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (found.has(path) || !existsSync(path)) continue
    found.add(path)
    const text = await readFile(path, 'utf8')
    for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (specifier === '#platform') queue.push(join(folder, 'platform/browser.js'))
      if (specifier.startsWith('.')) queue.push(join(dirname(path), specifier))
    }
  }
  return found
}
