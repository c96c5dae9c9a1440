// athanor report and athanor runs: what earlier runs left.

import { join } from 'node:path'
import type { Manifest } from '../runs/manifest.js'
import { headlineFor } from '../runs/report/headline.js'
import { metricText } from '../runs/report/parts.js'
import { runError } from '../runs/run-error.js'
import { findRun, type ListedRun, listRuns, shownPath } from '../runs/run-folder.js'
import type { RunKind } from '../runs/run-kinds.js'
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
    ...titleAndScore(manifest, say),
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

/** What a run has learned, and how well, in the list of runs. */
const listed: {
  readonly [Kind in RunKind]: (
    manifest: never,
    say: CommandInput['say'],
  ) => readonly [title: string, score: string]
} = {
  table: classRun,
  pictures: classRun,
  text: classRun,
  languageModel: ({ data, measures }: LanguageManifest, say) => {
    const bits = measures?.model.test.bitsPerCharacter.toFixed(3)
    return [data.source, bits === undefined ? '' : `${say('bitsPerCharacter')} ${bits}`]
  },
  speech: ({ settings, metrics }: SpeechManifest, say) => {
    const rate = metrics?.test.characterErrorRate
    const errors = rate === undefined ? '' : `${say('characterErrors')} ${say.percent(rate)}`
    return [settings.transcript, errors]
  },
}

function classRun(manifest: Manifest, say: CommandInput['say']) {
  const { settings, data, metrics } = manifest
  const title = settings.target ?? data.source
  if (metrics === undefined) return [title, ''] as const
  const name = headlineFor(manifest)
  return [title, `${say(name)} ${metricText(name, metrics.test[name], say)}`] as const
}

function titleAndScore(manifest: ListedRun['manifest'], say: CommandInput['say']) {
  return manifest === undefined
    ? ['', '']
    : listed[manifest.kind ?? 'table'](manifest as never, say)
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
