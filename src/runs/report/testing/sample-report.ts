// Made-up report data for tests: three English classes, a Chinese yes/no target, and a number.

import type { ReportData } from '../report-data.js'

/** A smooth fall with a little noise, the same each time. */
function falling(epochs: number, from: number, to: number, noise: number): number[] {
  return Array.from(
    { length: epochs },
    (_, i) => to + (from - to) * Math.exp(-i / (epochs / 6)) + noise * Math.sin(i * 12.9898),
  )
}

function curve(power: number, flipped: boolean): (readonly [number, number])[] {
  return Array.from({ length: 41 }, (_, i) => {
    const x = i / 40
    return flipped ? ([x, (1 - x ** power) * 0.98] as const) : ([x, x ** (1 / power)] as const)
  })
}

const bell = (bins: number, low: number, high: number, skew = 0) => {
  const width = (high - low) / bins
  return {
    edges: Array.from({ length: bins + 1 }, (_, i) => low + i * width),
    counts: Array.from({ length: bins }, (_, i) =>
      Math.round(60 * Math.exp(-((((i + 0.5 - bins / 2 - skew) / bins) * 5) ** 2) / 2)),
    ),
  }
}

const manifest = {
  athanor: '0.1.0',
  created: '2026-05-04T09:30:12.000Z',
  seed: 0,
  settings: { target: 'species', model: 'neural', hidden: [64, 32], epochs: 200, batchSize: 32 },
  data: { source: 'penguins.csv', rows: 344, columns: 8, sha256: 'b2a1…90ff' },
  machine: { node: '20.20.2', platform: 'linux x64', processor: 'a processor', cores: 2 },
}

export const speciesReport: ReportData = {
  format: 1,
  language: 'en',
  version: '0.1.0',
  run: {
    name: 'species-20260504-093012',
    created: '2026-05-04T09:30:12.000Z',
    seconds: 1.94,
    epochs: 74,
    bestEpoch: 54,
    executor: 'native avx512, 2 threads',
  },
  task: 'classification',
  target: 'species',
  classes: ['Adelie', 'Chinstrap', 'Gentoo'],
  model: {
    kind: 'neural',
    parameters: 2_995,
    layers: [
      { name: 'dense (relu)', output: '64', parameters: 768 },
      { name: 'dense (relu)', output: '32', parameters: 2080 },
      { name: 'dense (softmax)', output: '3', parameters: 99 },
    ],
  },
  rows: { train: 240, validation: 52, test: 52 },
  inputs: 7,
  headline: 'accuracy',
  metrics: {
    train: { accuracy: 1, balancedAccuracy: 1, auc: 1, logLoss: 0.0121, f1: 1 },
    validation: { accuracy: 0.981, balancedAccuracy: 0.972, auc: 0.999, logLoss: 0.041, f1: 0.978 },
    test: { accuracy: 0.9808, balancedAccuracy: 0.9667, auc: 0.9987, logLoss: 0.0473, f1: 0.9752 },
  },
  baseline: {
    dummy: { accuracy: 0.4423, balancedAccuracy: 0.3333, auc: 0.5, logLoss: 1.05, f1: 0.2045 },
    linear: { accuracy: 0.9615, balancedAccuracy: 0.95, auc: 0.998, logLoss: 0.0788, f1: 0.961 },
  },
  history: { train: falling(74, 1.02, 0.012, 0.004), validation: falling(74, 0.96, 0.042, 0.008) },
  classification: {
    confusion: {
      labels: ['Adelie', 'Chinstrap', 'Gentoo'],
      matrix: [
        [23, 0, 0],
        [1, 9, 0],
        [0, 0, 19],
      ],
      classes: 3,
    },
    perClass: [
      { label: 'Adelie', precision: 0.958, recall: 1, f1: 0.979, rows: 23 },
      { label: 'Chinstrap', precision: 1, recall: 0.9, f1: 0.947, rows: 10 },
      { label: 'Gentoo', precision: 1, recall: 1, f1: 1, rows: 19 },
    ],
    roc: [
      { label: 'Adelie', points: curve(12, false), area: 0.999 },
      { label: 'Chinstrap', points: curve(8, false), area: 0.997 },
      { label: 'Gentoo', points: curve(20, false), area: 1 },
    ],
    precisionRecall: [
      { label: 'Adelie', points: curve(14, true), area: 0.998 },
      { label: 'Chinstrap', points: curve(7, true), area: 0.987 },
      { label: 'Gentoo', points: curve(20, true), area: 1 },
    ],
    calibration: [
      [0.02, 0.01, 98],
      [0.14, 0.2, 9],
      [0.45, 0.5, 4],
      [0.72, 0.6, 6],
      [0.97, 0.98, 39],
    ],
  },
  importance: [
    { column: 'Beak Length (mm)', loss: 0.221 },
    { column: 'Flipper Length (mm)', loss: 0.158 },
    { column: 'Island', loss: 0.061 },
    { column: 'Beak Depth (mm)', loss: 0.052 },
    { column: 'Body Mass (g)', loss: 0.011 },
    { column: 'Sex', loss: 0.002 },
  ],
  columns: [
    {
      name: 'species',
      type: 'category',
      role: 'target',
      reason: '3 distinct texts',
      rows: 344,
      missing: 0,
      distinct: 3,
      top: [
        { value: 'Adelie', count: 152 },
        { value: 'Gentoo', count: 124 },
        { value: 'Chinstrap', count: 68 },
      ],
    },
    {
      name: 'Beak Length (mm)',
      type: 'numeric',
      role: 'input',
      reason: 'numbers with decimals',
      treatment: { code: 'scaled', lower: 32.1, upper: 59.6, bins: 8, fill: 44.3, indicator: true },
      rows: 344,
      missing: 2,
      distinct: 164,
      histogram: bell(20, 32.1, 59.6, -1),
      range: ['32.1', '59.6'],
    },
    {
      name: 'Sex',
      type: 'category',
      role: 'input',
      reason: '2 distinct texts',
      treatment: { code: 'oneHot', categories: 2, rare: 0, unseen: 'rare' },
      rows: 344,
      missing: 11,
      distinct: 2,
      top: [
        { value: 'MALE', count: 168 },
        { value: 'FEMALE', count: 165 },
      ],
    },
    {
      name: 'tag',
      type: 'identifier',
      role: 'excluded',
      reason: 'distinct in every row',
      treatment: { code: 'identifier' },
      rows: 344,
      missing: 0,
      distinct: 344,
      top: [
        { value: 'A-0001', count: 1 },
        { value: 'A-0002', count: 1 },
      ],
    },
  ],
  columnCount: 8,
  findings: [
    {
      code: 'missing-values',
      severity: 'info',
      column: 'Sex',
      count: 11,
      details: { share: '3.2 %' },
    },
    { code: 'duplicate-rows-across-split', severity: 'warning', count: 2, details: {} },
    { code: 'identifier-column', severity: 'info', column: 'tag', details: {} },
  ],
  suspects: [
    {
      row: 213,
      given: 'Chinstrap',
      expected: 'Adelie',
      score: 0.021,
      values: [
        { name: 'Beak Length (mm)', value: '40.9' },
        { name: 'Flipper Length (mm)', value: '187' },
        { name: 'Island', value: 'Dream' },
      ],
    },
  ],
  groups: {
    column: 'Island',
    rows: [
      { value: 'Biscoe', rows: 25, metrics: { accuracy: 1, f1: 1 } },
      { value: 'Dream', rows: 18, metrics: { accuracy: 0.944, f1: 0.93 } },
      { value: 'Torgersen', rows: 9, metrics: { accuracy: 1, f1: 1 } },
    ],
  },
  manifest,
}

export const churnReport: ReportData = {
  ...speciesReport,
  language: 'zh',
  run: {
    name: '流失-20260506-141503',
    created: '2026-05-06T14:15:03.000Z',
    seconds: 6.3,
    epochs: 58,
    bestEpoch: 43,
    executor: 'native avx2, 2 threads',
  },
  target: '是否流失',
  model: {
    kind: 'neural',
    parameters: 10_882,
    layers: [
      { name: 'dense (relu)', output: '128', parameters: 2496 },
      { name: 'dense (relu)', output: '64', parameters: 8256 },
      { name: 'dense (softmax)', output: '2', parameters: 130 },
    ],
  },
  rows: { train: 4900, validation: 1050, test: 1050 },
  inputs: 4,
  history: { train: falling(58, 0.68, 0.31, 0.002), validation: falling(58, 0.66, 0.352, 0.004) },
  classes: ['否', '是'],
  positive: '是',
  threshold: 0.412,
  headline: 'auc',
  metrics: {
    train: {
      accuracy: 0.86,
      balancedAccuracy: 0.79,
      auc: 0.912,
      prAuc: 0.81,
      f1: 0.71,
      logLoss: 0.31,
    },
    validation: {
      accuracy: 0.84,
      balancedAccuracy: 0.77,
      auc: 0.884,
      prAuc: 0.76,
      f1: 0.68,
      logLoss: 0.35,
    },
    test: {
      accuracy: 0.838,
      balancedAccuracy: 0.765,
      auc: 0.881,
      prAuc: 0.752,
      f1: 0.672,
      logLoss: 0.357,
    },
  },
  baseline: {
    dummy: { accuracy: 0.74, balancedAccuracy: 0.5, auc: 0.5, prAuc: 0.26, f1: 0, logLoss: 0.573 },
    linear: {
      accuracy: 0.81,
      balancedAccuracy: 0.72,
      auc: 0.846,
      prAuc: 0.69,
      f1: 0.61,
      logLoss: 0.401,
    },
  },
  classification: {
    confusion: {
      labels: ['否', '是'],
      matrix: [
        [702, 66],
        [102, 180],
      ],
      classes: 2,
    },
    perClass: [
      { label: '否', precision: 0.873, recall: 0.914, f1: 0.893, rows: 768 },
      { label: '是', precision: 0.732, recall: 0.638, f1: 0.682, rows: 282 },
    ],
    roc: [{ label: '是', points: curve(5, false), area: 0.881 }],
    precisionRecall: [{ label: '是', points: curve(3, true), area: 0.752 }],
    calibration: [
      [0.05, 0.04, 420],
      [0.15, 0.17, 180],
      [0.25, 0.22, 110],
      [0.35, 0.38, 80],
      [0.45, 0.49, 60],
      [0.55, 0.52, 55],
      [0.65, 0.7, 50],
      [0.75, 0.71, 45],
      [0.85, 0.88, 30],
      [0.95, 0.93, 20],
    ],
  },
  importance: [
    { column: '合同类型', loss: 0.082 },
    { column: '月消费', loss: 0.061 },
    { column: '在网时长（月）', loss: 0.055 },
    { column: '城市', loss: 0.008 },
  ],
  columns: [
    {
      name: '是否流失',
      type: 'boolean',
      role: 'target',
      reason: '是/否',
      rows: 7000,
      missing: 0,
      distinct: 2,
      top: [
        { value: '否', count: 5120 },
        { value: '是', count: 1880 },
      ],
    },
    {
      name: '在网时长（月）',
      type: 'integer',
      role: 'input',
      reason: 'whole numbers',
      treatment: { code: 'scaled', lower: 1, upper: 72, bins: 0, fill: 30, indicator: false },
      rows: 7000,
      missing: 0,
      distinct: 72,
      histogram: bell(20, 1, 72, -6),
      range: ['1', '72'],
    },
    {
      name: '城市',
      type: 'category',
      role: 'input',
      reason: 'texts',
      treatment: { code: 'oneHot', categories: 30, rare: 1, unseen: 'rare' },
      rows: 7000,
      missing: 120,
      distinct: 31,
      top: [
        { value: '北京', count: 1200 },
        { value: '上海', count: 1100 },
        { value: '广州 <b>', count: 700 },
      ],
    },
  ],
  findings: [
    { code: 'class-imbalance', severity: 'warning', details: {} },
    {
      code: 'missing-values',
      severity: 'info',
      column: '城市',
      count: 120,
      details: { share: '1.7%' },
    },
  ],
  suspects: [
    {
      row: 481,
      given: '否',
      expected: '是',
      score: 0.034,
      values: [
        { name: '城市', value: '北京' },
        { name: '合同类型', value: '按月' },
      ],
    },
  ],
  groups: undefined,
  manifest: {
    ...manifest,
    created: '2026-05-06T14:15:03.000Z',
    settings: {
      target: '是否流失',
      model: 'neural',
      hidden: [128, 64],
      epochs: 150,
      batchSize: 64,
    },
    data: { source: '客户.csv', rows: 7000, columns: 5, sha256: '07fe…3c4d' },
  },
}

export const priceReport: ReportData = {
  ...speciesReport,
  run: {
    name: 'price-20260507-081950',
    created: '2026-05-07T08:19:50.000Z',
    seconds: 11.8,
    epochs: 96,
    bestEpoch: 81,
    executor: 'wasm relaxed',
  },
  task: 'regression',
  target: 'price <&>',
  model: {
    kind: 'neural',
    parameters: 5_569,
    layers: [
      { name: 'dense (relu)', output: '64', parameters: 3456 },
      { name: 'dense (relu)', output: '32', parameters: 2080 },
      { name: 'dense', output: '1', parameters: 33 },
    ],
  },
  rows: { train: 14_000, validation: 3000, test: 3000 },
  inputs: 3,
  history: { train: falling(96, 1, 0.07, 0.003), validation: falling(96, 0.97, 0.098, 0.006) },
  classes: undefined,
  classification: undefined,
  headline: 'r2',
  metrics: {
    train: { r2: 0.93, rmse: 1212.4, mae: 803.1 },
    validation: { r2: 0.902, rmse: 1401.9, mae: 911 },
    test: { r2: 0.897, rmse: 1433.02, mae: 930.55 },
  },
  baseline: {
    dummy: { r2: -0.001, rmse: 4466, mae: 3401 },
    linear: { r2: 0.842, rmse: 1775, mae: 1209 },
  },
  regression: {
    points: Array.from({ length: 500 }, (_, i) => {
      const actual = 1000 + ((i * 7919) % 19000)
      return [
        actual,
        actual * 0.96 + 400 + 1500 * Math.sin(i * 78.233) * Math.cos(i * 3.7),
      ] as const
    }),
    residuals: bell(31, -5200, 5200),
    half: 702.4,
    ninety: 2310,
  },
  groups: undefined,
  suspects: [],
  importance: [
    { column: 'floor area (m²)', loss: 0.61 },
    { column: 'district', loss: 0.33 },
    { column: 'built', loss: 0.04 },
  ],
  columns: [
    {
      name: 'price <&>',
      type: 'numeric',
      role: 'target',
      reason: 'numbers with decimals',
      rows: 20_000,
      missing: 0,
      distinct: 17_240,
      histogram: bell(20, 1000, 20_000, -3),
      range: ['1000', '20000'],
    },
    {
      name: 'floor area (m²)',
      type: 'numeric',
      role: 'input',
      reason: 'numbers with decimals',
      treatment: { code: 'scaled', lower: 18, upper: 240, bins: 16, fill: 71, indicator: true },
      rows: 20_000,
      missing: 31,
      distinct: 1822,
      histogram: bell(20, 18, 240, -5),
      range: ['18', '240'],
    },
    {
      name: 'built',
      type: 'integer',
      role: 'input',
      reason: 'whole numbers',
      treatment: {
        code: 'scaled',
        lower: 1890,
        upper: 2025,
        bins: 16,
        fill: 1978,
        indicator: false,
      },
      rows: 20_000,
      missing: 0,
      distinct: 131,
      histogram: bell(20, 1890, 2025, 4),
      range: ['1890', '2025'],
    },
  ],
  columnCount: 4,
  findings: [],
  manifest: {
    ...manifest,
    created: '2026-05-07T08:19:50.000Z',
    settings: {
      target: 'price <&>',
      model: 'neural',
      hidden: [64, 32],
      epochs: 120,
      batchSize: 128,
    },
    data: { source: 'homes.parquet', rows: 20_000, columns: 4, sha256: '91ac…5e20' },
  },
}
