// athanor report and athanor runs: what earlier runs left.

import { join } from 'node:path'
import { headlineFor } from '../runs/report/headline.js'
import { metricText } from '../runs/report/parts.js'
import { runError } from '../runs/run-error.js'
import { findRun, type ListedRun, listRuns, shownPath } from '../runs/run-folder.js'
import type { SpeechManifest } from '../runs/speech/speech-manifest.js'
import type { LanguageManifest } from '../runs/text/language-manifest.js'
import type { CommandInput } from './command.js'
import { textTable } from './output.js'

export async function reportCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const [run] = input.positionals
  if (run === undefined) throw runError('ARGUMENT', 'runMissing', { command: 'report' })
  const folder = await findRun(run)
  const { redrawReport } = await import('../runs/redraw-report.js')
  const out = input.options.out as string | undefined
  const asked = input.options.lang !== undefined
  const path = await redrawReport(folder, out, asked ? say.language : undefined)
  if (input.options.json === true) output.json({ run: folder, report: path })
  else output.result(say('reportSaved', { path: shownPath(path) }))
  return 0
}

export async function runsCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const folder = (input.options.out as string | undefined) ?? 'runs'
  const runs = await listRuns(folder)
  if (input.options.json === true) {
    output.json({ folder, runs: runs.map(summary) })
    return 0
  }
  if (runs.length === 0) {
    output.result(say('noRuns', { folder }))
    return 0
  }
  const rows = runs.map(({ name, manifest }) => [
    name,
    manifest?.created.slice(0, 16).replace('T', ' ') ?? '',
    statusText(manifest?.status, say),
    manifest?.settings.target ?? manifest?.data.source ?? '',
    score({ name, path: '', manifest }, say),
  ])
  const head = [
    say('runColumn'),
    say('createdColumn'),
    say('statusColumn'),
    say('targetColumn'),
    say('scoreColumn'),
  ]
  const [first, ...rest] = textTable([head, ...rows], [0, 1, 2, 3, 4])
  output.result(output.style.bold(first))
  for (const line of rest) output.result(line)
  return 0
}

function statusText(
  status: NonNullable<ListedRun['manifest']>['status'] | undefined,
  say: CommandInput['say'],
): string {
  if (status === undefined) return say('statusBroken')
  const keys = {
    running: 'statusUnfinished',
    interrupted: 'statusUnfinished',
    failed: 'statusFailed',
    finished: 'statusFinished',
  } as const
  return say(keys[status])
}

function score({ manifest }: ListedRun, say: CommandInput['say']): string {
  if (manifest?.kind === 'languageModel') return languageScore(manifest, say)
  if (manifest?.kind === 'speech') {
    const { metrics } = manifest as unknown as SpeechManifest
    const rate = metrics?.test.characterErrorRate
    return rate === undefined ? '' : `${say('characterErrors')} ${say.percent(rate)}`
  }
  if (manifest?.metrics === undefined) return ''
  const name = headlineFor(manifest)
  return `${say(name)} ${metricText(name, manifest.metrics.test[name], say)}`
}

function languageScore(manifest: unknown, say: CommandInput['say']): string {
  const { measures } = manifest as LanguageManifest
  if (measures === undefined) return ''
  return `${say('bitsPerCharacter')} ${measures.model.test.bitsPerCharacter.toFixed(3)}`
}

function summary({ name, path, manifest }: ListedRun) {
  return {
    run: name,
    path: join(path),
    status: manifest?.status ?? 'unreadable',
    ...(manifest === undefined
      ? {}
      : {
          created: manifest.created,
          target: manifest.settings.target,
          task: manifest.task,
          epochs: manifest.epochs,
          metrics: manifest.metrics,
          ...(manifest.kind === undefined ? {} : kindFields(manifest)),
        }),
  }
}

/** What a run that is no table's has beside. */
function kindFields(manifest: unknown) {
  const { kind, data, measures } = manifest as LanguageManifest
  return { kind, source: data.source, measures }
}
