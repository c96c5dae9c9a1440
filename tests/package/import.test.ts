// Importing the package is light: no addon, no DuckDB, no thread; they come when they are needed.

import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { repository } from '../packed-package.js'

const program = `
const start = performance.now()
await import('athanor')
const milliseconds = performance.now() - start
const libraries = process.report.getReport().sharedObjects.filter(path => /duckdb|athanor|kernels/.test(path))
console.log(JSON.stringify({ milliseconds, libraries, handles: process.getActiveResourcesInfo() }))
`

test('import loads no addon and leaves nothing running', () => {
  const args = ['--input-type=module', '--eval', program]
  const output = execFileSync(process.execPath, args, { cwd: repository, encoding: 'utf8' })
  const { libraries, handles } = JSON.parse(output)
  expect(libraries.filter((path: string) => path.endsWith('.node'))).toEqual([])
  expect(handles.filter((name: string) => /Worker|TCP|Timeout/.test(name))).toEqual([])
})
