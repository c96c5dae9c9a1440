// Node loads a few files instead of three hundred: each entry of the package is bundled into dist/node/,
// sharing its chunks, so that importing the library takes a fraction of the time. Dependencies stay outside.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { root } from './incremental.mjs'

/** Bundles the entries found in `folder` (a tree of emitted modules) into `folder`/node. */
export async function bundleForNode(folder) {
  const entries = await nodeEntries()
  await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    publicDir: false,
    resolve: { alias: { '#platform': join(folder, 'platform/node.js') } },
    build: {
      ssr: true,
      target: 'node20',
      outDir: join(folder, 'node'),
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, path]) => [name, join(folder, path)]),
        ),
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
      },
    },
  })
  // Whoever comes by the plain path gets the same modules.
  await writeFile(join(folder, 'index.js'), "export * from './node/index.js'\n")
  await writeFile(join(folder, 'cli/main.js'), "#!/usr/bin/env node\nimport '../node/cli.js'\n")
}

/** { name in dist/node: module } of the command and of every entry that package.json lists for Node. */
async function nodeEntries() {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const entries = { cli: 'cli/main.js' }
  for (const target of Object.values(manifest.exports)) {
    if (typeof target?.node !== 'string') continue
    const name = target.node.replace(/^\.\/dist\/node\/|\.js$/g, '')
    entries[name] = target.default.replace('./dist/', '')
  }
  return entries
}
