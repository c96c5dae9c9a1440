#!/usr/bin/env node
// Adds up Vitest's JSON results below a folder and closes with one line: 'N passed, N failed'.
// Usage: node scripts/test-summary.mjs <folder> [failed steps outside Vitest]

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, failedSteps = '0'] = process.argv.slice(2)
const reports = existsSync(folder)
  ? readdirSync(folder, { recursive: true })
      .filter(path => path.endsWith('.json'))
      .map(path => JSON.parse(readFileSync(join(folder, path), 'utf8')))
  : []
const total = key => reports.reduce((sum, report) => sum + report[key], 0)

const skipped = reports.flatMap(report =>
  report.testResults.flatMap(file =>
    file.assertionResults.filter(test => /skipped|pending|todo/.test(test.status)),
  ),
)
for (const name of new Set(skipped.map(test => test.fullName))) console.log(`skipped: ${name}`)

const passed = total('numPassedTests')
const failed = total('numFailedTests') + Number(failedSteps)
const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
console.log(`${passed} passed, ${failed} failed${tail}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
