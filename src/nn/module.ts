// Modules: objects that hold parameters and have a `forward`. Parameters are found in a module's own
// properties, through nested modules, arrays, Maps and plain objects, in the order of the properties.

import { AthanorError } from '../base/errors.js'
import { OptionTable } from '../base/options.js'
import { formatShape, type Shape, sameShape } from '../base/shape.js'
import { trueOrFalse } from '../base/value-kinds.js'
import { type Scope, scopeNow, withScope } from '../graph/node.js'
import { assume, keepResult } from '../tensor/context.js'
import { overwrite } from '../tensor/overwrite.js'
// Whoever has a module has tensors, with their methods, whichever entry they imported.
import '../tensor/methods.js'
import { Tensor, type TensorLike, tensor } from '../tensor/tensor.js'
import { Variable } from '../tensor/variable.js'
import type { LayerConfig } from './base-layer.js'
import { isBuffer } from './buffer.js'
import type { Carried } from './carried.js'
import { type ModuleOutput, partsOfOutput } from './module-output.js'
import { applied, type SymbolicInputs, type SymbolicOf } from './symbolic.js'

/** Values by name; names are paths with dots, `hidden.0.kernel`. */
export type StateDict = Record<string, Tensor>

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** false ignores names that are missing or unknown. Default: true. */
  readonly strict?: boolean
}

const loadOptions = new OptionTable<LoadOptions>({ strict: trueOrFalse })

/**
 * The base of everything with parameters. A subclass keeps Variables, layers and other modules in its
 * properties (not in `#private` ones, which nobody can list) and says in `forward` what it computes.
 * Modules start in training mode.
 *
 * @example
 * ```ts
 * class Regression extends Module {
 *   linear = layers.dense({ units: 1, inputShape: [3] })
 *   forward(x: Tensor) { return this.linear.forward(x) }
 * }
 * const model = new Regression()
 * model.namedParameters().map(([name]) => name) // ['linear.kernel', 'linear.bias']
 * ```
 */
export abstract class Module<Output extends ModuleOutput = Tensor> {
  private inTraining = true

  constructor() {
    wrapForward(new.target.prototype)
  }

  /** Whether dropout drops and batch normalisation uses the batch's statistics. */
  get training(): boolean {
    const now = this.inTraining
    assume(() => this.inTraining === now)
    return now
  }

  set training(value: boolean) {
    this.inTraining = value
  }

  /** What the module computes from its inputs. */
  abstract forward(...inputs: Tensor[]): Output

  /**
   * What the module gives for symbolic inputs: the way to models that are more than a chain. A module
   * that is applied twice uses the same weights twice.
   *
   * @param inputs a symbolic tensor, or a list of them for modules of several inputs
   * @throws AthanorError ARGUMENT for things that are not symbolic, or another number of inputs than it
   * takes; SHAPE for shapes that do not fit.
   * @example
   * ```ts
   * const x = input({ shape: [8] })
   * const hidden = layers.dense({ units: 8, activation: 'relu' }).apply(x)
   * const net = new GraphModel({ inputs: x, outputs: layers.add().apply([x, hidden]) })
   * ```
   */
  apply(inputs: SymbolicInputs): SymbolicOf<Output> {
    return applied(this, inputs)
  }

  /** @internal Least and greatest number of inputs; null where it is not known. */
  get arity(): readonly [number, number] | null {
    return null
  }

  /** @internal Whether it gives a list of tensors, or several by name. */
  get givesSeveral(): boolean {
    return false
  }

  /** @internal Shapes of one sample of each input, where the module was built for some. */
  builtShapes(): readonly Shape[] | null {
    return null
  }

  /** @internal Leading axes of a sample that may have other sizes than those it was built for: steps, sides. */
  get freeAxes(): number {
    return 0
  }

  /** @internal Builds what waits for these shapes. */
  ensureBuiltOn(_inputShapes: readonly Shape[]): void {}

  /** @internal Shape of one sample of the (first) output; null where the module does not tell. */
  outputShapeOn(_inputShapes: readonly Shape[]): Shape | null {
    return null
  }

  /** @internal Floating-point operations for one sample; null where the module does not tell. */
  flopsOn(_inputShapes: readonly Shape[]): number | null {
    return null
  }

  /** @internal How many layers a call goes through. */
  get callSize(): number {
    return 1
  }

  /** @internal @throws AthanorError STATE where the module has no JSON form. */
  savedConfig(): LayerConfig {
    throw new AthanorError('STATE', {
      operation: 'save',
      expected: 'a model of layers',
      received: `a module of class ${this.constructor.name}`,
      fix: 'Save stateDict() and build the module from code before loadStateDict()',
    })
  }

  /** The Variables that are learned, frozen ones included, each once. */
  parameters(): Variable[] {
    return this.namedParameters().map(([, parameter]) => parameter)
  }

  /** Parameters with their paths: `hidden.0.kernel`. */
  namedParameters(): [string, Variable][] {
    return this.namedVariables('parameters()').filter(([, variable]) => !isBuffer(variable))
  }

  /** State that is saved but not learned: running statistics. */
  buffers(): Variable[] {
    return this.namedBuffers().map(([, variable]) => variable)
  }

  namedBuffers(): [string, Variable][] {
    return this.namedVariables('buffers()').filter(([, variable]) => isBuffer(variable))
  }

  /** This module and all below it, each once. */
  modules(): AnyModule[] {
    return this.namedModules().map(([, module]) => module)
  }

  /** All modules with their paths; this one's own is `''`. */
  namedModules(): [string, AnyModule][] {
    const found: [string, AnyModule][] = []
    const seen = new Set<AnyModule>()
    const enter = (module: AnyModule, path: string) => {
      if (seen.has(module)) return
      seen.add(module)
      found.push([path, module])
      for (const [name, part] of partsOf(module))
        if (part instanceof Module) enter(part, at(path, name))
    }
    enter(this, '')
    return found
  }

  private namedVariables(operation: string): [string, Variable][] {
    const found: [string, Variable][] = []
    const seen = new Set<object>()
    const enter = (module: AnyModule, path: string) => {
      seen.add(module)
      module.requireBuilt(operation)
      for (const [name, part] of partsOf(module)) {
        if (seen.has(part)) continue
        if (part instanceof Module) enter(part, at(path, name))
        else {
          seen.add(part)
          found.push([at(path, name), part])
        }
      }
    }
    enter(this, '')
    return found
  }

  /** @internal Throws where parameters do not exist yet. */
  requireBuilt(_operation: string): void {}

  /** @internal How an error names a module that stands alone. */
  get label(): string {
    return ''
  }

  /** @internal Where `child` is found from here, `hidden/0`. */
  pathOf(child: AnyModule): string {
    const found = this.namedModules().find(([, module]) => module === child)
    return found?.[0].replaceAll('.', '/') || child.label || child.constructor.name
  }

  /**
   * A copy of all parameters and buffers by path.
   *
   * @throws AthanorError STATE if a layer has not been built yet.
   */
  stateDict(): StateDict {
    const state: StateDict = {}
    for (const [name, variable] of this.namedVariables('stateDict()')) {
      const { shape, dtype } = variable
      state[name] = tensor(variable.dataSync(), { shape, dtype })
    }
    return state
  }

  /**
   * Puts values back that `stateDict()` gave. Nothing is changed unless everything fits.
   *
   * @param options.strict false ignores names that are missing or unknown. Default: true.
   * @throws AthanorError STATE for missing or unknown names, SHAPE for shapes that differ.
   */
  loadStateDict(state: Readonly<Record<string, TensorLike>>, options?: LoadOptions): void {
    const { strict = true } = loadOptions.check('loadStateDict', options)
    const variables = this.namedVariables('loadStateDict()')
    const own = new Set(variables.map(([name]) => name))
    const missing = variables.map(([name]) => name).filter(name => !Object.hasOwn(state, name))
    const unexpected = Object.keys(state).filter(name => !own.has(name))
    if (strict && (missing.length > 0 || unexpected.length > 0)) throw misfit(missing, unexpected)
    const writes = variables
      .filter(([name]) => Object.hasOwn(state, name))
      .map(([name, variable]) => [variable, fitting(name, state[name], variable)] as const)
    for (const [variable, values] of writes) overwrite(variable, values)
  }

  /** Switches this module and all below to training (or with false, to inference). */
  train(training = true): this {
    for (const module of this.modules()) module.training = training
    return this
  }

  /** Switches to inference: dropout passes everything, running statistics are used. */
  eval(): this {
    return this.train(false)
  }

  /** Keeps all parameters as they are: backward() computes no gradients for them. */
  freeze(): this {
    for (const parameter of this.parameters()) parameter.trainable = false
    return this
  }

  unfreeze(): this {
    for (const parameter of this.parameters()) parameter.trainable = true
    return this
  }

  /**
   * The scalars that regularisers of the layers below add to the loss. Those of activities belong to
   * the last `forward` in training mode and are handed out once.
   */
  regularizationLosses(): Tensor[] {
    return this.modules().flatMap(module => module.ownRegularizationLosses())
  }

  /**
   * Sets the states that stateful recurrent layers carry from batch to batch back to zero: before other
   * sequences, or batches of another size.
   *
   * @example
   * ```ts
   * const net = new Sequential([layers.lstm({ units: 8, stateful: true }), layers.dense({ units: 1 })])
   * net.forward(random.normal([4, 5, 2]))
   * net.resetStates()
   * ```
   */
  resetStates(): this {
    for (const module of this.modules()) module.carried?.reset()
    return this
  }

  /** @internal What it carries from batch to batch itself; null for nothing. */
  get carried(): Carried | null {
    return null
  }

  /** @internal */
  ownRegularizationLosses(): Tensor[] {
    return []
  }
}

/** A module of any output. */
export type AnyModule = Module<ModuleOutput>

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** Variables and modules that `container` holds directly, through arrays, Maps and plain objects. */
function* partsOf(container: object): Generator<[string, Variable | AnyModule]> {
  yield* partsBelow(container, '', new Set([container]))
}

function* partsBelow(
  container: object,
  path: string,
  seen: Set<object>,
): Generator<[string, Variable | AnyModule]> {
  const entries = container instanceof Map ? container.entries() : Object.entries(container)
  for (const [key, value] of entries) {
    if (typeof value !== 'object' || value === null) continue
    const name = at(path, String(key))
    if (value instanceof Variable || value instanceof Module) yield [name, value]
    else if (!seen.has(value) && (Array.isArray(value) || value instanceof Map || isPlain(value))) {
      seen.add(value)
      yield* partsBelow(value, name, seen)
    }
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function misfit(missing: readonly string[], unexpected: readonly string[]): AthanorError {
  const parts: string[] = []
  if (missing.length > 0) parts.push(`without ${listed(missing)}`)
  if (unexpected.length > 0) parts.push(`with unknown ${listed(unexpected)}`)
  return new AthanorError('STATE', {
    operation: 'loadStateDict',
    expected: 'the names that stateDict() gives',
    received: `a state ${parts.join(' and ')}`,
    fix: 'Use the same architecture, or strict: false to load what fits',
  })
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

function fitting(name: string, value: TensorLike, variable: Variable) {
  const given = value instanceof Tensor ? value : tensor(value, { dtype: variable.dtype })
  if (!sameShape(given.shape, variable.shape))
    throw new AthanorError('SHAPE', {
      operation: `loadStateDict (${name})`,
      expected: formatShape(variable.shape),
      received: formatShape(given.shape),
    })
  return given.dtype === variable.dtype ? given.dataSync() : given.cast(variable.dtype).dataSync()
}

/** Marks what is computed below with the module's place, which is spelled out only in messages. */
class ModuleScope implements Scope {
  constructor(
    readonly module: AnyModule,
    readonly parent: Scope | null,
  ) {}

  path(): string {
    const { module, parent } = this
    if (!(parent instanceof ModuleScope)) return module.label
    const above = parent.path()
    const own = parent.module.pathOf(module)
    return above === '' ? own : `${above}/${own}`
  }
}

type Forward = (this: AnyModule, ...inputs: Tensor[]) => ModuleOutput

const wrapped = new WeakSet<object>()

/** Lets every `forward` of a class, once, mark its scope and keep the outermost result readable. */
function wrapForward(prototype: object): void {
  for (let p = prototype; p !== Module.prototype && p !== null; p = Object.getPrototypeOf(p)) {
    if (wrapped.has(p)) return
    wrapped.add(p)
    if (!Object.hasOwn(p, 'forward')) continue
    const inner = (p as { forward: Forward }).forward
    Object.defineProperty(p, 'forward', {
      value(this: AnyModule, ...inputs: Tensor[]) {
        return withinModule(this, () => inner.apply(this, inputs))
      },
      writable: true,
      configurable: true,
    })
  }
}

let outermostCalls = 0

/** Changes with every call of an outermost module: what was collected during an earlier one is old. */
export function currentCall(): number {
  return outermostCalls
}

/** @internal Runs `body` as a call of the module: what it records is marked, its result stays readable. */
export function withinModule<T extends ModuleOutput>(module: AnyModule, body: () => T): T {
  const outer = scopeNow()
  // super.forward() of the same module opens no second scope.
  if (outer instanceof ModuleScope && outer.module === module) return body()
  if (outer === null) outermostCalls++
  const result = withScope(new ModuleScope(module, outer), body)
  if (outer === null && typeof result === 'object' && result !== null)
    for (const part of partsOfOutput(result)) if (part instanceof Tensor) keepResult(part.node)
  return result
}
