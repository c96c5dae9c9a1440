// The kinds of models that the main job knows: what of each is tried, on which features, how its time
// grows. One row a family; a new one needs nothing else.

import type { SearchRange } from '../base/parameters.js'
import type { EstimatorName } from './estimator-classes.js'
import type { TargetUnit } from './estimator-core.js'
import type { nounMessages } from './messages/metrics.js'
import type { FeatureKind } from './model-features.js'
import type { Task } from './train-options.js'

/** From the quickest to the slowest, about. */
export const familyNames = [
  'linear',
  'bayes',
  'tree',
  'knn',
  'boosting',
  'forest',
  'neural',
  'svm',
] as const
export type FamilyName = (typeof familyNames)[number]

/** What parameters may depend on. */
export interface FitContext {
  readonly rows: number
  readonly width: number
  /** Places of the features that are codes without an order. */
  readonly categorical: readonly number[]
}

/** One class of estimators as a family uses it. */
export interface Member {
  readonly estimator: EstimatorName
  readonly features: FeatureKind
  /** What a regressor learns; its own unit by default. */
  readonly unit?: TargetUnit
  /** Ranges that are searched instead of those of the class's table; `own`: that of the table. */
  readonly searched?: Readonly<Record<string, SearchRange | 'own'>>
  /** Given always; what a user or a search gives stands above it. */
  readonly parameters?: (context: FitContext) => Readonly<Record<string, unknown>>
}

export interface Family {
  readonly title: keyof typeof nounMessages
  /** The first is the standard one; absent where the family has none for a task. Nets have no members. */
  readonly members: { readonly [T in Task]?: readonly Member[] }
  /** What a fitted one says of its features itself. */
  readonly says?: 'coefficients' | 'importances'
  /** Its probabilities are too sure of themselves to doubt labels by. */
  readonly overconfident?: true
  /** Time of a fit grows with this power of the rows. */
  readonly growth: number
  /** Time of predicting a row grows with this power of the rows learned from. */
  readonly predictGrowth: number
  /** More training rows than this are sampled. */
  readonly mostRows: number
  /** Parameter sets that are drawn beside the standard one, at most. */
  readonly variants: number
}

/** Categories as such; in a few hundred rows leaves of fewer rows, where 20 would leave hardly a split. */
const boostingParameters: Member['parameters'] = ({ rows, categorical }) => ({
  ...(categorical.length === 0 ? {} : { categoricalFeatures: categorical }),
  ...(rows < 500 ? { minSamplesLeaf: Math.max(2, Math.round(rows / 25)) } : {}),
})

const penalties = { C: 'own' } as const
const penalty = { alpha: 'own' } as const

/** Small trees, of which one can be read, and pruned ones. */
const treeSearch = {
  maxDepth: { scale: 'linear', low: 2, high: 10, whole: true },
  minSamplesLeaf: { scale: 'log', low: 1, high: 50, whole: true },
} as const

const neighbourSearch = {
  nNeighbors: { scale: 'log', low: 3, high: 50, whole: true },
  weights: { choices: ['uniform', 'distance'] },
  p: { choices: [1, 2] },
} as const

const forestSearch = {
  maxFeatures: { choices: ['sqrt', 0.3, 0.6, null] },
  minSamplesLeaf: { scale: 'log', low: 1, high: 20, whole: true },
} as const

/** Rates and iterations that go together, so that no draw takes much longer than the standard. */
const boostingSearch = {
  learningRate: { scale: 'log', low: 0.03, high: 0.3 },
  maxIter: { scale: 'log', low: 50, high: 300, whole: true },
  maxLeafNodes: 'own',
  minSamplesLeaf: 'own',
  l2Regularization: 'own',
  maxFeatures: 'own',
} as const

export const families: { readonly [F in FamilyName]: Family } = {
  linear: {
    title: 'linearModel',
    says: 'coefficients',
    members: {
      classification: [
        { estimator: 'LogisticRegression', features: 'plain', searched: penalties },
        { estimator: 'LogisticRegression', features: 'binned', searched: penalties },
      ],
      regression: [
        { estimator: 'Ridge', features: 'plain', searched: penalty },
        { estimator: 'Ridge', features: 'binned', searched: penalty },
      ],
    },
    growth: 1,
    predictGrowth: 0,
    mostRows: 500_000,
    variants: 4,
  },
  bayes: {
    title: 'bayesModel',
    overconfident: true,
    members: {
      classification: [
        {
          estimator: 'GaussianNB',
          features: 'plain',
          // A category that a class never has would decide alone.
          parameters: () => ({ varSmoothing: 1e-2 }),
        },
      ],
    },
    growth: 1,
    predictGrowth: 0,
    mostRows: Infinity,
    variants: 3,
  },
  tree: {
    title: 'treeModel',
    overconfident: true,
    says: 'importances',
    members: {
      classification: [
        { estimator: 'DecisionTreeClassifier', features: 'numbers', searched: treeSearch },
      ],
      regression: [
        { estimator: 'DecisionTreeRegressor', features: 'numbers', searched: treeSearch },
      ],
    },
    growth: 1.1,
    predictGrowth: 0,
    mostRows: 1_000_000,
    variants: 6,
  },
  knn: {
    title: 'knnModel',
    overconfident: true,
    members: {
      classification: [
        { estimator: 'KNeighborsClassifier', features: 'plain', searched: neighbourSearch },
      ],
      regression: [
        { estimator: 'KNeighborsRegressor', features: 'plain', searched: neighbourSearch },
      ],
    },
    growth: 1,
    predictGrowth: 1,
    mostRows: 100_000,
    variants: 4,
  },
  boosting: {
    title: 'boostingModel',
    says: 'importances',
    members: {
      classification: [
        {
          estimator: 'HistGradientBoostingClassifier',
          features: 'codes',
          parameters: boostingParameters,
          searched: boostingSearch,
        },
      ],
      regression: [
        {
          estimator: 'HistGradientBoostingRegressor',
          features: 'codes',
          parameters: boostingParameters,
          searched: boostingSearch,
        },
      ],
    },
    growth: 0.7,
    predictGrowth: 0,
    mostRows: Infinity,
    variants: 8,
  },
  forest: {
    title: 'forestModel',
    says: 'importances',
    members: {
      classification: [
        { estimator: 'RandomForestClassifier', features: 'numbers', searched: forestSearch },
        { estimator: 'ExtraTreesClassifier', features: 'numbers', searched: forestSearch },
      ],
      regression: [
        { estimator: 'RandomForestRegressor', features: 'numbers', searched: forestSearch },
        { estimator: 'ExtraTreesRegressor', features: 'numbers', searched: forestSearch },
      ],
    },
    growth: 1.1,
    predictGrowth: 0.1,
    mostRows: 1_000_000,
    variants: 4,
  },
  neural: {
    title: 'neural',
    members: {},
    growth: 0.9,
    predictGrowth: 0,
    mostRows: Infinity,
    variants: 0,
  },
  svm: {
    title: 'svmModel',
    members: {
      classification: [
        {
          estimator: 'SVC',
          features: 'plain',
          searched: { C: 'own', gamma: 'own' },
          parameters: () => ({ probability: true }),
        },
      ],
      regression: [
        {
          estimator: 'SVR',
          features: 'plain',
          unit: 'scaled',
          searched: { C: 'own', gamma: 'own', epsilon: 'own' },
        },
      ],
    },
    growth: 2,
    predictGrowth: 1,
    mostRows: 20_000,
    variants: 4,
  },
}

/** Families that have a model for the task. */
export function familiesFor(task: Task): readonly FamilyName[] {
  return familyNames.filter(name => name === 'neural' || families[name].members[task] !== undefined)
}
