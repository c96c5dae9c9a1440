// Every command: what it takes, which options it knows, where its code is. Loaded only when asked for.

import { differsByKind, kindParameters } from '../runs/kind-options.js'
import { kebab } from '../runs/option-name.js'
import { placeParameters, trainParameters } from '../runs/train-options.js'
import type { CliOption, Command } from './command.js'
import { allParameterNames, allParameters, kindsText } from './train-parameters.js'

/** Rows of the table of all options, by the names of the command line. */
function rows(...names: readonly string[]): Record<string, CliOption> {
  return Object.fromEntries(names.map(name => [kebab(name), allParameters[name]]))
}

const shared: Readonly<Record<string, CliOption>> = {
  lang: placeParameters.lang,
  help: { kind: 'flag', help: 'helpHelp', short: 'h' },
}
const json: CliOption = { kind: 'flag', help: 'helpJson' }

/** Options of `train` that have no meaning where no run is made. */
const ofRuns: ReadonlySet<string> = new Set([
  ...Object.keys(placeParameters),
  'groupMetrics',
  'threshold',
  'maximize',
])

/** What the search for a rate does not take: it has rates of its own, and no epochs. */
const notOfRates: ReadonlySet<string> = new Set([
  'learningRate',
  'schedule',
  'epochs',
  'patience',
  'timeBudget',
  'metric',
  'set',
])

/** Options of rows without a target. */
const ofRows = ['exclude', 'type', 'query', 'encoding', 'badRows', 'seed'] as const

export const commands: Readonly<Record<string, Command>> = {
  train: {
    help: 'commandTrain',
    positionals: ['data'],
    options: {
      ...rows(...allParameterNames.filter(name => name !== 'lang')),
      config: { kind: 'text', help: 'helpConfig' },
      json,
      ...shared,
    },
    note: kindsText,
    checks: differsByKind,
    example: 'athanor train customers.csv --target churn',
    run: async input => (await import('./train-command.js')).trainCommand(input),
  },
  compare: {
    help: 'commandCompare',
    positionals: ['data'],
    options: {
      ...rows(...Object.keys(kindParameters.table).filter(name => !ofRuns.has(name))),
      json,
      ...shared,
    },
    example: 'athanor compare customers.csv --target churn --time-budget 30',
    run: async input => (await import('./compare-command.js')).compareCommand(input),
  },
  lr: {
    help: 'commandLr',
    positionals: ['data'],
    options: {
      ...rows(...allParameterNames.filter(name => !ofRuns.has(name) && !notOfRates.has(name))),
      out: { kind: 'text', help: 'helpLrOut' },
      json,
      ...shared,
    },
    note: kindsText,
    checks: differsByKind,
    example: 'athanor lr customers.csv --target churn',
    run: async input => (await import('./lr-command.js')).lrCommand(input),
  },
  evaluate: {
    help: 'commandEvaluate',
    positionals: ['run', 'data'],
    options: { ...rows('query', 'encoding', 'audio', 'transcript', 'out'), json, ...shared },
    example: 'athanor evaluate runs/churn-1 january.csv',
    run: async input => (await import('./use-commands.js')).evaluateCommand(input),
  },
  predict: {
    help: 'commandPredict',
    positionals: ['run', 'data'],
    many: true,
    options: {
      out: { kind: 'text', help: 'helpOutFile' },
      ...rows('query', 'encoding'),
      json: { ...json, help: 'helpPredictJson' },
      ...shared,
    },
    example: 'athanor predict runs/churn-1 january.csv --out predictions.csv',
    run: async input => (await import('./use-commands.js')).predictCommand(input),
  },
  generate: {
    help: 'commandGenerate',
    positionals: ['run'],
    options: {
      prompt: { kind: 'text', help: 'helpPrompt' },
      temperature: { kind: 'number', low: 0, high: 100, help: 'helpTemperature' },
      'top-k': { kind: 'integer', low: 1, high: 10_000_000, help: 'helpTopK' },
      'top-p': { kind: 'number', low: 0, high: 1, open: 'low', help: 'helpTopP' },
      'repetition-penalty': {
        kind: 'number',
        low: 0,
        high: 100,
        open: 'low',
        help: 'helpRepetitionPenalty',
      },
      length: { kind: 'integer', low: 0, high: 10_000_000, help: 'helpLength' },
      stop: { kind: 'text', help: 'helpStop' },
      seed: { ...trainParameters.seed, help: 'helpGenerateSeed' },
      json,
      ...shared,
    },
    example: 'athanor generate runs/book-1 --prompt "Once upon" --temperature 0.8',
    run: async input => (await import('./generate-command.js')).generateCommand(input),
  },
  transcribe: {
    help: 'commandTranscribe',
    positionals: ['run', 'data'],
    many: true,
    options: {
      beams: { kind: 'integer', low: 1, high: 10_000, help: 'helpBeams' },
      'language-weight': { kind: 'number', low: 0, high: 100, help: 'helpLanguageWeight' },
      json,
      ...shared,
    },
    example: 'athanor transcribe runs/words-1 word.wav',
    run: async input => (await import('./transcribe-command.js')).transcribeCommand(input),
  },
  cluster: {
    help: 'commandCluster',
    positionals: ['data'],
    options: {
      method: { kind: 'choice', choices: ['kmeans', 'dbscan'], help: 'helpMethod' },
      clusters: { kind: 'integer', low: 1, high: 10_000, help: 'helpClusters' },
      eps: { kind: 'number', low: 0, high: 1e9, open: 'low', help: 'helpEps' },
      'min-samples': { kind: 'integer', low: 1, high: 1_000_000, help: 'helpMinSamples' },
      ...rows(...ofRows),
      out: { kind: 'text', help: 'helpClusterOut' },
      json,
      ...shared,
    },
    example: 'athanor cluster customers.csv --exclude id',
    run: async input => (await import('./unlabelled-commands.js')).clusterCommand(input),
  },
  outliers: {
    help: 'commandOutliers',
    positionals: ['data'],
    options: {
      share: { kind: 'number', low: 0.0001, high: 0.5, help: 'helpShare' },
      top: { kind: 'integer', low: 1, high: 100_000, help: 'helpTop' },
      ...rows(...ofRows),
      out: { kind: 'text', help: 'helpOutlierOut' },
      json,
      ...shared,
    },
    example: 'athanor outliers payments.csv --top 20',
    run: async input => (await import('./unlabelled-commands.js')).outliersCommand(input),
  },
  report: {
    help: 'commandReport',
    positionals: ['run'],
    options: { out: { kind: 'text', help: 'helpOutFile' }, json, ...shared },
    example: 'athanor report runs/churn-1 --lang zh',
    run: async input => (await import('./run-commands.js')).reportCommand(input),
  },
  runs: {
    help: 'commandRuns',
    positionals: [],
    options: { ...rows('out'), json, ...shared },
    example: 'athanor runs',
    run: async input => (await import('./run-commands.js')).runsCommand(input),
  },
  doctor: {
    help: 'commandDoctor',
    positionals: [],
    options: { json, ...shared },
    example: 'athanor doctor --json',
    run: async input => (await import('./machine-commands.js')).doctorCommand(input),
  },
  build: {
    help: 'commandBuild',
    positionals: [],
    options: { json, ...shared },
    example: 'npx athanor build',
    run: async input => (await import('./machine-commands.js')).buildCommand(input),
  },
}
