// Parameters that MLPClassifier and MLPRegressor share: scikit-learn's, with its defaults.

import {
  booleanParameter,
  choiceParameter,
  eitherParameter,
  integerParameter,
  listParameter,
  numberParameter,
  type ParametersOf,
} from '../../base/parameters.js'
import { randomState } from '../../estimator/random-state.js'

export const mlpParameters = {
  hiddenLayerSizes: listParameter(integerParameter({ min: 1, doc: 'Units.' }), {
    default: [100],
    doc: 'Units of each hidden layer.',
    search: { choices: [[50], [100], [200], [100, 50], [200, 100]] },
  }),
  activation: choiceParameter(['identity', 'logistic', 'tanh', 'relu'], {
    default: 'relu',
    doc: 'Of the hidden layers.',
  }),
  solver: choiceParameter(['sgd', 'adam'], { default: 'adam', doc: 'The optimizer.' }),
  alpha: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'Strength of the L2 penalty.',
    search: { scale: 'log', low: 1e-6, high: 1 },
  }),
  batchSize: eitherParameter(
    choiceParameter(['auto'], { doc: 'min(200, rows)' }),
    integerParameter({ min: 1, doc: 'Rows a step.' }),
    { default: 'auto', doc: 'Rows a step; auto: at most 200.' },
  ),
  learningRate: choiceParameter(['constant', 'invscaling', 'adaptive'], {
    default: 'constant',
    doc: 'For sgd: constant; falling with the steps; or a fifth whenever the loss stops falling.',
  }),
  learningRateInit: numberParameter({
    default: 1e-3,
    above: 0,
    doc: 'The first learning rate.',
    search: { scale: 'log', low: 1e-4, high: 1e-1 },
  }),
  powerT: numberParameter({ default: 0.5, min: 0, doc: 'Exponent of invscaling.' }),
  maxIter: integerParameter({ default: 200, min: 1, doc: 'Epochs at most.' }),
  shuffle: booleanParameter({ default: true, doc: 'Whether each epoch has an order of its own.' }),
  randomState,
  tol: numberParameter({
    default: 1e-4,
    min: 0,
    doc: 'The loss (or validation score) has to improve by more than this.',
  }),
  momentum: numberParameter({ default: 0.9, min: 0, max: 1, doc: 'For sgd.' }),
  nesterovsMomentum: booleanParameter({ default: true, doc: 'For sgd with momentum.' }),
  earlyStopping: booleanParameter({
    default: false,
    doc: 'Whether to hold rows out, and keep the weights that score best on them.',
  }),
  validationFraction: numberParameter({
    default: 0.1,
    above: 0,
    below: 1,
    doc: 'Share of the rows that early stopping holds out.',
  }),
  beta1: numberParameter({ default: 0.9, min: 0, below: 1, doc: 'For adam.' }),
  beta2: numberParameter({ default: 0.999, min: 0, below: 1, doc: 'For adam.' }),
  epsilon: numberParameter({ default: 1e-8, above: 0, doc: 'For adam.' }),
  nIterNoChange: integerParameter({
    default: 10,
    min: 1,
    doc: 'Epochs without improvement before training stops.',
  }),
}

export type MlpParams = ParametersOf<typeof mlpParameters>
