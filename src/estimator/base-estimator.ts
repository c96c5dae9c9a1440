// What all our estimators share: parameters checked by their table, what was learned kept apart from
// them, JSON there and back, clones, and the features of fit remembered by number and name.

import { AthanorError } from '../base/errors.js'
import { JsonReader } from '../base/json-reader.js'
import type { Label } from '../base/label.js'
import {
  type GivenParameters,
  givenAgain,
  type Parameter,
  type ParametersOf,
  type ParameterTable,
  resolveParameters,
} from '../base/parameters.js'
import { throwIfAborted } from '../execute/jobs.js'
import {
  type EstimatorCore,
  type EstimatorJson,
  type FitOptions,
  type FitProgress,
  fitOptions,
  requireFitted,
  type Tags,
} from './contract.js'
import {
  type Features,
  type FeaturesLike,
  type Matrix,
  type MatrixLike,
  type MatrixNeeds,
  matrixOf,
} from './matrix.js'
import type { SparseMatrix } from './sparse.js'
import {
  integer,
  labels,
  list,
  optional,
  packArrays,
  readState,
  type StateTable,
  text,
  writeState,
} from './state.js'
import { checkedWeights } from './targets.js'
import { withParams } from './with-params.js'

/** One class of estimators: its name, its parameters, what it learns, what it takes. */
export interface Definition<P extends ParameterTable, S extends object> {
  readonly name: string
  /** Of the saved form; 1 by default. */
  readonly version?: number
  readonly parameters: P
  /** One rule for each field of what `learn` returns. */
  readonly state: StateTable<S>
  readonly tags?: Tags
  /** Checks fields of a saved state against each other; `json.fail(expected, received)` refuses. */
  check?(state: Frame & S, params: ParametersOf<P>, json: JsonReader): void
}

/** A definition, its types inferred. */
export function defineEstimator<P extends ParameterTable, S extends object>(
  definition: Definition<P, S>,
): Definition<P, S> {
  return definition
}

/** What every estimator remembers of the data that it learned from. */
export interface Frame {
  readonly nFeaturesIn: number
  readonly featureNamesIn: readonly string[] | undefined
  /** The column that was the target, if it was named. */
  readonly targetName: string | undefined
  /** Of classifiers: all labels, ascending. */
  readonly classes: readonly Label[] | undefined
  /** Of classifiers: the places among `classes` that training rows had; undefined: all. */
  readonly present: readonly number[] | undefined
}

const frameTable: StateTable<Frame> = {
  nFeaturesIn: integer(1, 1e9),
  featureNamesIn: optional(list(text)),
  targetName: optional(text),
  classes: optional(labels),
  present: optional(list(integer(0, 1e7))),
}

/** What `learn` works from. */
export interface Training<X = Matrix> {
  /** For errors: `Ridge.fit`. */
  readonly operation: string
  readonly x: X
  readonly rows: number
  readonly width: number
  /** One a row, with a sum above 0; undefined where none were given. */
  readonly sampleWeight: Float64Array | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: FitProgress) => void) | undefined
}

/**
 * The base of all our estimators, and of yours: extend BaseClassifier, BaseRegressor or the like, which
 * stand between.
 */
export abstract class BaseEstimator<P extends ParameterTable, S extends object>
  implements EstimatorCore<ParametersOf<P>>
{
  readonly params: ParametersOf<P>
  private learned: (Frame & S) | undefined

  /** Errors: ARGUMENT for an unknown parameter or a value not taken. */
  constructor(
    /** Name, parameters and tags of its class. */
    readonly definition: Definition<P, S>,
    given?: GivenParameters<P>,
  ) {
    this.params = resolveParameters(definition.name, definition.parameters, given)
  }

  get tags(): Tags {
    return this.definition.tags ?? {}
  }

  get isFitted(): boolean {
    return this.learned !== undefined
  }

  /** Features that it learned from. Errors: STATE before fit. */
  get nFeaturesIn(): number {
    return this.fitted('nFeaturesIn').nFeaturesIn
  }

  /** Their names, where they had any. Errors: STATE before fit. */
  get featureNamesIn(): readonly string[] | undefined {
    return this.fitted('featureNamesIn').featureNamesIn
  }

  /** An estimator with the same parameters that has learned nothing. */
  clone(): this {
    const given = givenAgain(this.definition.parameters, this.params)
    const params = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, cloneValue(value)]),
    )
    return new (this.constructor as new (params: object) => this)(params)
  }

  /**
   * An unfitted copy in which some parameters have other values; `__` reaches into estimators that are
   * values themselves, or steps: `{ 'svc__C': 1 }`.
   *
   * @throws AthanorError ARGUMENT for a name that is not there (the nearest one is suggested), or a
   * value not taken.
   */
  withParams(given: Readonly<Record<string, unknown>>): this {
    return withParams(this, given)
  }

  /** Plain JSON from which the class's `fromJSON` makes an equal estimator. */
  toJSON(): EstimatorJson {
    return packArrays(this.toParts()) as EstimatorJson
  }

  /** @internal The same with typed arrays in it, for files that keep these apart. */
  toParts(): EstimatorJson {
    const { definition, params, learned } = this
    return {
      estimator: definition.name,
      version: definition.version ?? 1,
      params: writeParams(definition.parameters, params),
      state:
        learned === undefined
          ? null
          : { ...writeState(frameTable, learned), ...writeState(definition.state, learned) },
    }
  }

  /** @internal */
  restoreState(state: Frame & S): void {
    this.learned = state
  }

  /** What was learned. Errors: STATE before fit; `what` is the method or attribute asked for. */
  protected fitted(what: string): Frame & S {
    return requireFitted(`${this.definition.name}.${what}`, this.learned)
  }

  /** The end of a fit: what it learned takes the place of what there was, unless it was stopped. */
  protected keep({ operation, signal }: Training<unknown>, state: Frame & S): this {
    throwIfAborted(operation, signal)
    this.learned = state
    return this
  }

  /** Features in the form that this estimator works on: a matrix, unless a base class says otherwise. */
  protected readFeatures(
    operation: string,
    x: FeaturesLike,
    needs: MatrixNeeds,
  ): Promise<Features> {
    return matrixOf(operation, x as MatrixLike, needs)
  }

  /** The features of a fit, checked, with options and weights. */
  protected async trainingOf(
    x: FeaturesLike,
    options: FitOptions,
    ignored: string | undefined,
  ): Promise<Training<Matrix | SparseMatrix>> {
    const operation = `${this.definition.name}.fit`
    const { allowNaN, sparse, noSampleWeight } = this.tags
    fitOptions.check(operation, options)
    throwIfAborted(operation, options.signal)
    const features = await this.readFeatures(operation, x, { allowNaN, sparse, ignored })
    const matrix = features as Matrix | SparseMatrix
    const { rows, width } = matrix
    const sampleWeight = checkedWeights(operation, options.sampleWeight, rows)
    if (noSampleWeight === true && sampleWeight !== undefined)
      throw new AthanorError('ARGUMENT', {
        operation,
        expected: 'no sampleWeight, which it cannot use',
        received: 'weights',
      })
    const { signal, onProgress } = options
    return { operation, x: matrix, rows, width, sampleWeight, signal, onProgress }
  }

  protected frameOf({ x, width }: Training<Features>, targetName: string | undefined): Frame {
    return {
      nFeaturesIn: width,
      featureNamesIn: x.names === undefined ? undefined : [...x.names],
      targetName,
      classes: undefined,
      present: undefined,
    }
  }

  /** Features for a fitted estimator, of the width and with the names of fit. */
  protected async readInput(method: string, x: FeaturesLike): Promise<Matrix | SparseMatrix> {
    const { nFeaturesIn, featureNamesIn, targetName } = this.fitted(method)
    const { allowNaN, sparse } = this.tags
    const features = await this.readFeatures(`${this.definition.name}.${method}`, x, {
      width: nFeaturesIn,
      names: featureNamesIn,
      ignored: targetName,
      allowNaN,
      sparse,
    })
    return features as Matrix | SparseMatrix
  }
}

/** Estimators among the values of parameters, and in lists of them, are cloned too. */
function cloneValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneValue)
  const { clone } = (value ?? {}) as Partial<EstimatorCore>
  return typeof clone === 'function' ? clone.call(value) : value
}

function writeParams(table: ParameterTable, params: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(table).map(([name, { json }]) => {
      const value = params[name]
      return [name, value === undefined ? null : json === undefined ? value : json.write(value)]
    }),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: each class has parameters and state of its own
type AnyBase = BaseEstimator<any, any>

/**
 * For `fromJSON` of a class: reads what `toJSON` wrote.
 * Errors: FORMAT for anything else.
 */
export function restore<T extends AnyBase>(
  // biome-ignore lint/suspicious/noExplicitAny: each class has parameters and state of its own
  Class: { new (params?: any): T; readonly definition: Definition<any, any> },
  json: unknown,
): T {
  const { definition } = Class
  const reader = new JsonReader(definition.name, json)
  reader.only('estimator', 'version', 'params', 'state')
  reader.get('estimator').oneOf([definition.name])
  const version = definition.version ?? 1
  reader.get('version').integer(version, version)
  const made = makeFrom(Class, definition, reader.get('params'))
  const state = reader.get('state')
  if (state.value === null) return made
  const table: StateTable<Frame> = { ...frameTable, ...definition.state }
  const learned = readState(table, state)
  checkFrame(learned, state)
  definition.check?.(learned, made.params, state)
  made.restoreState(learned)
  return made
}

function makeFrom<T>(
  Class: new (params: object) => T,
  { name, parameters }: { readonly name: string; readonly parameters: ParameterTable },
  json: JsonReader,
): T {
  json.only(...Object.keys(parameters))
  const given = Object.fromEntries(
    Object.entries(parameters).map(([key, parameter]) => [
      key,
      readParam(parameter, json.get(key)),
    ]),
  )
  try {
    return new Class(given)
  } catch (error) {
    if (!(error instanceof AthanorError) || error.code === 'FORMAT') throw error
    return json.fail(`parameters of ${name}`, error.message)
  }
}

function readParam(parameter: Parameter<unknown>, json: JsonReader): unknown {
  if (json.value === null) return parameter.kind === 'optional' ? null : undefined
  const value = parameter.json === undefined ? json.value : parameter.json.read(json.value)
  return parameter.accepts(value) ? value : json.fail(parameter.expected)
}

function checkFrame({ nFeaturesIn, featureNamesIn, classes, present }: Frame, json: JsonReader) {
  if (featureNamesIn !== undefined && featureNamesIn.length !== nFeaturesIn)
    json.fail(`${nFeaturesIn} feature names`, `${featureNamesIn.length}`)
  if (present === undefined) return
  const ascending = present.every((place, i) => i === 0 || place > present[i - 1])
  if (classes === undefined || !ascending || !(present[present.length - 1] < classes.length))
    json.fail('places among the classes', 'others')
}
