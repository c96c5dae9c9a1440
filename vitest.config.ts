// Three projects: `unit` lies beside the code; `package` packs and installs, and starts real
// processes, those of the course too; `browser` drives a real Chromium. All run by default: `--project unit` chooses one.

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const resolve = { alias: { '#platform': here('./src/platform/node.ts') } }

const results = process.env.ATHANOR_TEST_RESULTS

export default defineConfig({
  test: {
    reporters: results
      ? ['default', ['json', { outputFile: `${results}/vitest.json` }]]
      : ['default'],
    // A process for each file: an addon or a memory measurement in one cannot disturb another.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What new memory holds must not matter: it begins with infinities.
    env: { ATHANOR_POISON: '1' },
    projects: [
      { extends: true, resolve, test: { name: 'unit', include: ['src/**/*.test.ts'] } },
      {
        extends: true,
        resolve,
        test: {
          name: 'package',
          include: ['tests/{package,learn}/**/*.test.ts'],
          globalSetup: './tests/build-once.ts',
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        resolve,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          globalSetup: './tests/browser/setup.ts',
          testTimeout: 120_000,
        },
      },
    ],
  },
})
