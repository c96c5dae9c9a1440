#!/usr/bin/env node
// `npm test`: builds what is missing, then runs Vitest over everything. Arguments go to Vitest:
// `npm test -- src/graph` runs that folder, `npm test -- --project unit` leaves out browser and package.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildOrExplain } from './build.mjs'
import { root } from './incremental.mjs'

if (await buildOrExplain()) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', ...process.argv.slice(2)]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? 1
}
