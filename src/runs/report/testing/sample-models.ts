// Made-up runs that compared models, for tests of the report: a tree for three classes, a linear model for a
// Chinese yes/no target, boosting for a number.

import type { Board, BoardEntry } from '../../board/board.js'
import type { Dependence, MetricName, ReportData } from '../report-data.js'
import { churnReport, priceReport, speciesReport } from './sample-report.js'

const entry = (
  family: BoardEntry['family'],
  estimator: string,
  score: number | null,
  more: Partial<BoardEntry> = {},
): BoardEntry => ({
  family,
  estimator,
  features: 'plain',
  parameters: {},
  seed: 0,
  folds: score === null ? 0 : 5,
  rows: score === null ? 0 : 192,
  scores: score === null ? [] : [score, score],
  score,
  spread: score === null ? null : 0.012,
  fitSeconds: score === null ? null : 0.0123,
  predictSeconds: score === null ? null : 3.4e-6,
  bytes: score === null ? null : 12_345,
  ...more,
})

const boardOf = (metric: MetricName, chosen: number, entries: readonly BoardEntry[]): Board => ({
  metric,
  folds: 5,
  entries,
  chosen,
  learningCurve: {
    points: [24, 48, 96, 192].map((rows, i) => ({
      rows,
      scores: [0.8 + 0.04 * i, 0.82 + 0.04 * i],
      score: 0.81 + 0.04 * i,
      spread: 0.03 - 0.005 * i,
    })),
    verdict: 'yes',
    gain: 0.04,
    error: 0.004,
    next: 0.03,
  },
  complete: true,
  budget: 60,
  seconds: 8.4,
})

const evil = '<b>&"'

const lines = (labels: readonly string[]): Dependence['lines'] =>
  labels.map((label, k) => ({ label, mean: [0.2, 0.4, 0.5, 0.3].map(value => value + 0.1 * k) }))

const tree = `<svg xmlns="http://www.w3.org/2000/svg" class="athanor-tree" viewBox="0 0 900 300" width="900" height="300"><style>.x{fill:#fff}</style><g><rect x="1" y="2" width="90" height="40"/><text x="9" y="9">length ≤ 4.2</text></g></svg>`

export const treeReport: ReportData = {
  ...speciesReport,
  run: { ...speciesReport.run, epochs: null, bestEpoch: null },
  history: { train: [], validation: [] },
  model: {
    kind: 'tree',
    estimator: {
      name: 'DecisionTreeClassifier',
      settings: [['maxDepth', '3']],
      features: 10,
      rows: 240,
      bytes: 2300,
    },
  },
  board: boardOf('accuracy', 2, [
    entry('dummy', 'DummyClassifier', 0.44),
    entry('linear', 'LogisticRegression', 0.97),
    entry('tree', 'DecisionTreeClassifier', 0.98, { parameters: { maxDepth: 3 } }),
    entry('forest', 'RandomForestClassifier', 0.975, { rows: 96, folds: 3 }),
    entry('svm', 'SVC', null, { omitted: 'time' }),
    entry('knn', 'KNeighborsClassifier', null, { failed: `a reason with ${evil}` }),
  ]),
  tree: { svg: { en: tree, zh: tree }, nodes: 25, levels: 4, trees: 1, adds: false },
  counted: [
    { column: 'Beak Length (mm)', share: 0.7 },
    { column: evil, share: 0.3 },
  ],
  dependence: [
    {
      column: 'Beak Length (mm)',
      kind: 'number',
      values: [1, 2, 3, 4],
      lines: lines(['Adelie', 'Chinstrap', 'Gentoo']),
      singles: [],
    },
    {
      column: evil,
      kind: 'category',
      values: ['a', evil, 'c', 'd'],
      lines: lines(['Adelie', 'Chinstrap', 'Gentoo']),
      singles: [],
    },
  ],
}

export const linearReport: ReportData = {
  ...churnReport,
  run: { ...churnReport.run, epochs: null, bestEpoch: null },
  history: { train: [], validation: [] },
  model: {
    kind: 'linear',
    estimator: { name: 'LogisticRegression', settings: [], features: 30, rows: 840, bytes: 900 },
  },
  board: boardOf('auc', 1, [
    entry('dummy', 'DummyClassifier', 0.5),
    entry('linear', 'LogisticRegression', 0.83),
    entry('neural', 'net', 0.82, { features: undefined }),
  ]),
  coefficients: {
    labels: [],
    rows: [
      { feature: '在网时长（月）', values: [-1.2] },
      { feature: `合同类型 = ${evil}`, values: [0.8] },
    ],
    features: 30,
  },
  dependence: [
    {
      column: '在网时长（月）',
      kind: 'number',
      values: [0, 12, 24, 48],
      lines: lines(['是']),
      singles: [
        [0.1, 0.2, 0.3, 0.4],
        [0.9, 0.8, 0.7, 0.2],
      ],
    },
  ],
}

export const boostingReport: ReportData = {
  ...priceReport,
  run: { ...priceReport.run, epochs: null, bestEpoch: null },
  history: { train: [], validation: [] },
  model: {
    kind: 'boosting',
    estimator: {
      name: 'HistGradientBoostingRegressor',
      settings: [],
      features: 12,
      rows: 8000,
      bytes: 600_000,
    },
  },
  board: boardOf('rmse', 1, [
    entry('dummy', 'DummyRegressor', 110_000),
    entry('boosting', 'HistGradientBoostingRegressor', 45_000, { spread: 2100 }),
  ]),
  coefficients: {
    labels: ['a', 'b', 'c'],
    rows: [{ feature: 'x', values: [1, -2, 0.5] }],
    features: 1,
  },
  dependence: [
    {
      column: 'since',
      kind: 'date',
      values: [1.5e12, 1.55e12, 1.6e12, 1.7e12],
      lines: [{ label: 'price', mean: [100_000, 120_000, 110_000, 180_000] }],
      singles: [[90_000, 100_000, 95_000, 160_000]],
    },
  ],
}
