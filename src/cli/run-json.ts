// What `athanor train --json` prints: the run, with what was left out of the data, the rate that was found, the report.

import { basename } from 'node:path'
import type { DataFinding, FindingCode } from '../data/finding.js'
import type { AnyOptions } from '../runs/any-options.js'
import { readEvents } from '../runs/event-log.js'
import type { RunEvent } from '../runs/events.js'
import type { RateTest } from '../runs/rate-test.js'
import { findRun, readManifest, runPath } from '../runs/run-folder.js'
import type { AnyRun } from '../runs/run-results.js'

export type StartedEvent = Extract<RunEvent, { type: 'started' }>

/** Findings that count rows or pictures which no part of the run has seen. */
const leavesOut: ReadonlySet<FindingCode> = new Set([
  'skipped-rows',
  'rows-without-target',
  'broken-pictures',
])

export async function finishedJson({ name, seconds, ...rest }: AnyRun): Promise<object> {
  const { settings, rateTest } = await readManifest(rest.path)
  return {
    run: name,
    ...rest,
    ...(await foundIn(rest.path)),
    ...(typeof settings.learningRate === 'number' ? { learningRate: settings.learningRate } : {}),
    ...(rateTest === undefined ? {} : { rateTest: shortened(rateTest) }),
    status: 'finished',
    report: runPath(rest.path, 'report'),
    seconds: Number(seconds.toFixed(3)),
  }
}

/** Of a run that was stopped; without a name where it had none yet. */
export async function stoppedJson(
  options: AnyOptions,
  started: StartedEvent | undefined,
): Promise<object> {
  const { resume, out } = options
  const path = resume === undefined ? started?.path : await findRun(resume, out)
  return { run: path === undefined ? null : basename(path), path, status: 'interrupted' }
}

/** The log has what the data were like, of runs that went on as well; speech runs say so themselves. */
async function foundIn(path: string) {
  const { events } = await readEvents(runPath(path, 'events'))
  const data = events.find(event => event.type === 'data')
  return data === undefined ? {} : { leftOut: countOf(data.findings), findings: data.findings }
}

function countOf(findings: readonly DataFinding[]): number {
  return findings.reduce((sum, { code, count = 0 }) => sum + (leavesOut.has(code) ? count : 0), 0)
}

function shortened({ rate, suggestedBy, standard }: RateTest) {
  return { rate, suggestedBy, standard }
}
