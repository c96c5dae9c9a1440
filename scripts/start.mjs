#!/usr/bin/env node
// `npm start`: builds what is missing, then trains on a real table that ships with the project.
// Arguments replace the main job: `npm start -- doctor` is `athanor doctor`.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildOrExplain } from './build.mjs'
import { root } from './incremental.mjs'

const mainJob = ['train', 'examples/data/penguins.csv', '--target', 'species']

if (await buildOrExplain()) {
  const given = process.argv.slice(2)
  const command = [join(root, 'dist', 'cli', 'main.js'), ...(given.length > 0 ? given : mainJob)]
  const { status, signal } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 1)
}
