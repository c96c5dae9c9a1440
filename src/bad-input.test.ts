// What the library answers to wrong input: an AthanorError that says what was expected, what was
// received and what to do. The command line's answers are tested in cli/bad-input.test.ts.

import { describe, expect, test } from 'vitest'
import {
  AthanorError,
  arange,
  compile,
  type ErrorCode,
  full,
  grad,
  layers,
  loadModel,
  losses,
  Module,
  metrics,
  oneHot,
  ones,
  optim,
  random,
  sequential,
  type Tensor,
  tensor,
  variable,
  zeros,
} from './index.js'
import { decodeContainer, encodeContainer, type Json } from './modelfile/index.js'

/** What a caller without types could pass. */
const wrong = <T>(value: unknown) => value as T

async function failure(act: () => unknown): Promise<AthanorError> {
  try {
    await act()
  } catch (error) {
    if (error instanceof AthanorError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

type Case = readonly [what: string, code: ErrorCode, act: () => unknown, says: readonly RegExp[]]

function refuses(cases: readonly Case[]) {
  test.each(cases)('%s: %s', async (_, code, act, says) => {
    const { code: received, message } = await failure(act)
    expect({ code: received, message }).toMatchObject({ code })
    for (const part of says) expect(message).toMatch(part)
  })
}

const net = () =>
  sequential([
    layers.dense({ units: 4, inputShape: [3], activation: 'relu', name: 'hidden' }),
    layers.dense({ units: 1, name: 'output' }),
  ])

const compiled = () => {
  const model = net()
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  return model
}

const classifier = () => {
  const model = sequential([layers.dense({ units: 2, inputShape: [1] })])
  model.compile({ loss: 'sparseCategoricalCrossentropy' })
  return model
}

const quiet = { verbose: 0 } as const

describe('layers', () => {
  refuses([
    [
      '0 units',
      'ARGUMENT',
      () => layers.dense({ units: 0 }),
      [/units to be a whole number of 1 or more, received 0/],
    ],
    ['half a unit', 'ARGUMENT', () => layers.dense({ units: 1.5 }), [/1\.5/]],
    ['a size of 0', 'SHAPE', () => layers.dense({ units: 2, inputShape: [0] }), [/≥ 1/]],
    [
      'an unknown activation',
      'ARGUMENT',
      () => layers.dense({ units: 2, activation: wrong('rellu') }),
      [/one of linear, relu/, /Did you mean 'relu'/],
    ],
    [
      'an unknown initialiser',
      'ARGUMENT',
      () => layers.dense({ units: 2, kernelInitializer: wrong('glorotUnifrom') }),
      [/Did you mean 'glorotUniform'/],
    ],
    [
      'a rate above 1',
      'ARGUMENT',
      () => layers.dropout({ rate: 1.5 }),
      [/rate to be a number of 0 or more and below 1, received 1\.5/],
    ],
    [
      'parameters before the input size is known',
      'STATE',
      () => layers.dense({ units: 2, name: 'late' }).parameters(),
      [/late/, /inputShape/],
    ],
    [
      'a kernel larger than the machine',
      'MEMORY',
      () => layers.dense({ units: 1e6, inputShape: [1e6], name: 'huge' }),
      [/huge/, /\[1000000, 1000000\]/, /fewer units/],
    ],
    [
      'something that is no layer',
      'ARGUMENT',
      () => sequential([wrong(3)]),
      [/layers or other modules, received 3 at 0/],
    ],
  ])
})

describe('shapes that do not fit', () => {
  refuses([
    [
      'between layers',
      'SHAPE',
      () =>
        sequential([
          layers.dense({ units: 4, inputShape: [3] }),
          layers.dense({ units: 1, inputShape: [5], name: 'second' }),
        ]).predict([[1, 2, 3]]),
      [/second/, /expected inputs of shape \[batch, 5\]/, /received \[1, 4\]/, /inputShape: \[4\]/],
    ],
    [
      'rows of another width',
      'SHAPE',
      () => compiled().fit([[1, 2]], [1], quiet),
      [/fit \(x\)/, /expected rows of shape \[3\]/, /received rows of shape \[2\]/, /inputShape/],
    ],
    ['fewer rows than targets', 'SHAPE', () => compiled().fit([[1, 2, 3]], [1, 2], quiet), [/2/]],
    [
      'targets of another width',
      'SHAPE',
      () => compiled().fit([[1, 2, 3]], [[1, 2]], quiet),
      [/meanSquaredError/, /\[1, 1\]/, /\[1, 2\]/],
    ],
    ['no rows', 'SHAPE', () => compiled().fit([], [], quiet), [/\[3\]/]],
    ['values that are no whole rows', 'SHAPE', () => net().predict(new Float32Array(7)), [/7/]],
    ['ragged rows', 'SHAPE', () => tensor([[1, 2], [3]]), [/equal lengths/, /length 1/]],
    ['too few values', 'SHAPE', () => tensor([1, 2, 3], { shape: [2, 2] }), [/4 values/, /3/]],
    ['addition', 'SHAPE', () => ones([2]).add(ones([3])), [/add/, /\[2\] and \[3\]/]],
    ['product', 'SHAPE', () => ones([1, 2]).matmul(ones([1, 2])), [/matmul/, /Transpose/]],
    ['reshape', 'SHAPE', () => arange(0, 3).reshape([2, 2]), [/3 elements/, /\[2, 2\]/]],
    ['an axis that is not there', 'SHAPE', () => arange(0, 3).sum({ axis: 2 }), [/axis.*2/]],
    ['a negative size', 'SHAPE', () => zeros([-1]), [/\[-1\]/]],
    ['assign', 'SHAPE', () => variable([1, 2]).assign([1, 2, 3]), [/\[2\]/, /\[3\]/]],
    ['metric', 'SHAPE', () => metrics.accuracy([1, 2], [1]), [/2 values/]],
  ])

  test('a layer inside a module is named by its path', async () => {
    class Tower extends Module {
      floors = [layers.dense({ units: 2, inputShape: [3] })]
      forward(x: Tensor) {
        return this.floors[0].forward(x)
      }
    }
    const { message } = await failure(() => new Tower().forward(ones([1, 2])))
    expect(message).toMatch(/dense/)
    expect(message).toMatch(/\[batch, 3\].*\[1, 2\]/)
  })

  test('one row, and a last batch of one row, fit', async () => {
    const x = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]
    await compiled().fit(x.slice(0, 1), [1], quiet)
    await compiled().fit(x, [0.1, 0.2, 0.3], { ...quiet, batchSize: 2 })
    expect(await compiled().trainOnBatch(x.slice(0, 1), [1])).toBeTypeOf('number')
  })
})

describe('types', () => {
  refuses([
    ['an unknown type', 'ARGUMENT', () => tensor([1], { dtype: wrong('float16') }), [/float32/]],
    ['a fraction as int32', 'ARGUMENT', () => tensor([1.5], { dtype: 'int32' }), [/whole.*1\.5/]],
    ['int32 that overflows', 'ARGUMENT', () => tensor([3e9], { dtype: 'int32' }), [/float64/]],
    ['fractions as indices', 'DTYPE', () => arange(0, 3).gather(tensor([1.5])), [/int32/, /cast/]],
    [
      'a gradient for integers',
      'DTYPE',
      () => grad((x: Tensor) => x.sum())(tensor([1], { dtype: 'int32' })),
      [/float/, /int32/],
    ],
    ['texts as rows', 'ARGUMENT', () => net().predict(wrong([['a', 'b', 'c']])), [/string/]],
    ['nothing as rows', 'ARGUMENT', () => net().predict(wrong(null)), [/null/]],
    [
      'no targets',
      'ARGUMENT',
      () => compiled().fit([[1, 2, 3]], wrong(undefined), quiet),
      [/\(y\)/],
    ],
    ['no function to compile', 'ARGUMENT', () => compile(wrong<() => Tensor>(3)), [/a function/]],
    ['an index outside', 'INDEX', () => arange(0, 3).gather([5]).data(), [/inside their axis/]],
    ['no depth', 'ARGUMENT', () => oneHot([1], -1), [/depth.*-1/]],
    [
      'a label beyond the classes',
      'INDEX',
      () => classifier().fit([1, 2], [0, 5], quiet),
      [/labels/, /number of classes/],
    ],
    ['a negative label', 'INDEX', () => classifier().fit([1, 2], [0, -1], quiet), [/labels/]],
    [
      'half a class',
      'ARGUMENT',
      () => classifier().fit([1, 2], [0, 0.5], quiet),
      [/fit \(y\)/, /whole numbers/, /0\.5/],
    ],
    [
      'half a class in a typed array',
      'DATA',
      () => classifier().trainOnBatch(new Float32Array(2), new Float32Array([0, 0.5])),
      [/\(y\)/, /0\.5/],
    ],
  ])
})

describe('training', () => {
  const parameter = () => [variable([1, 2])]
  refuses([
    ['a negative rate', 'ARGUMENT', () => optim.adam({ learningRate: -1 }), [/learning rate.*-1/]],
    ['a rate of NaN', 'ARGUMENT', () => optim.sgd({ learningRate: Number.NaN }), [/NaN/]],
    ['a momentum of 2', 'ARGUMENT', () => optim.sgd({ learningRate: 1, momentum: 2 }), [/0 to 1/]],
    [
      'an unknown optimizer',
      'ARGUMENT',
      () => net().compile({ optimizer: wrong('adm'), loss: 'meanSquaredError' }),
      [/Did you mean 'adam'/],
    ],
    [
      'an unknown loss',
      'ARGUMENT',
      () => net().compile({ loss: wrong('meanSquareError') }),
      [/Did you mean 'meanSquaredError'/],
    ],
    [
      'an unknown metric',
      'ARGUMENT',
      () => net().compile({ loss: 'meanSquaredError', metrics: [wrong('acuracy')] }),
      [/Did you mean 'accuracy'/],
    ],
    ['no loss', 'ARGUMENT', () => net().compile(wrong({})), [/a loss/]],
    ['fit before compile', 'STATE', () => net().fit([[1, 2, 3]], [1]), [/model\.compile/]],
    ['-1 epochs', 'ARGUMENT', () => compiled().fit([[1, 2, 3]], [1], { epochs: -1 }), [/-1/]],
    [
      'batches of 0',
      'ARGUMENT',
      () => compiled().fit([[1, 2, 3]], [1], { batchSize: 0 }),
      [/batchSize to be a whole number of 1 or more, received 0/],
    ],
    [
      'a rate at which training diverges',
      'NOT_FINITE',
      () => {
        const model = net()
        const optimizer = optim.sgd({ learningRate: 1e10 })
        model.compile({ optimizer, loss: 'meanSquaredError' })
        return model.fit(random.normal([8, 3]), ones([8, 1]), { ...quiet, epochs: 50 })
      },
      [/update was withheld/, /Lower the learning rate/],
    ],
    [
      'backward of a vector',
      'SHAPE',
      () => variable([1, 2]).mul(2).backward(),
      [/scalar/, /mean or the sum/],
    ],
    ['backward of a constant', 'STATE', () => ones([2]).sum().backward(), [/trainable variable/]],
    [
      'a step without backward',
      'STATE',
      () => optim.sgd(parameter(), { learningRate: 0.1 }).step(),
      [/loss\.backward\(\)/],
    ],
    [
      'a second step after one backward',
      'STATE',
      () => {
        const [w] = parameter()
        const optimizer = optim.sgd([w], { learningRate: 0.1 })
        w.square().sum().backward()
        optimizer.step()
        optimizer.step()
      },
      [/loss\.backward\(\)/],
    ],
    [
      'backward after its step',
      'STATE',
      () => {
        const [w] = parameter()
        const optimizer = optim.sgd([w], { learningRate: 0.1 })
        const loss = w.square().sum()
        loss.backward()
        optimizer.step()
        loss.backward()
      },
      [/Compute the loss again/],
    ],
  ])

  test('two backward() before a step add their gradients', async () => {
    const w = variable([1, 2])
    const loss = w.square().sum()
    loss.backward()
    loss.backward()
    expect(Array.from(await w.grad!.data())).toEqual([4, 8])
  })

  test('a withheld update leaves the weights as they were', async () => {
    const model = compiled()
    const before = await model.parameters()[0].data()
    await failure(() => model.trainOnBatch([[Number.NaN, 1, 2]], [1]))
    expect(await model.parameters()[0].data()).toEqual(before)
  })
})

describe('plans larger than the machine', () => {
  const wide = () => random.normal([200_000, 10])
  refuses([
    [
      'random numbers',
      'MEMORY',
      () => random.normal([200_000, 200_000]).data(),
      [/expected at most/],
    ],
    [
      'a constant that is read',
      'MEMORY',
      () => zeros([200_000, 200_000]).data(),
      [/expected at most/],
    ],
    [
      'a product',
      'MEMORY',
      () => wide().matmul(wide(), { transposeB: true }).sum().data(),
      [/smaller batch/],
    ],
    ['more classes than memory', 'MEMORY', () => oneHot([1], 1e12).data(), [/expected at most/]],
    ['sizes that overflow', 'ARGUMENT', () => zeros([2 ** 31, 2 ** 31]).data(), [/2⁴⁰/]],
  ])

  test('what fuses into its sum needs no memory', async () => {
    expect(await zeros([20_000, 20_000]).sum().item()).toBe(0)
  })
})

describe('compile', () => {
  refuses([
    [
      'reading inside',
      'STATE',
      () => compile((x: Tensor) => full([1], x.dataSync()[0]))(ones([1])),
      [/traced/, /read it there/],
    ],
    [
      'item inside',
      'STATE',
      () => compile((x: Tensor) => x.mul(x.itemSync()))(ones([1])),
      [/traced/],
    ],
    [
      'an async function',
      'ARGUMENT',
      () => compile(async (x: Tensor) => x.mul((await x.data())[0]))(ones([1])),
      [/promise/, /Leave out async/],
    ],
    [
      'backward without step',
      'STATE',
      () => {
        const w = variable([1, 2])
        compile(() => w.square().sum().backward())()
      },
      [/optimizer\.step\(\)/],
    ],
  ])

  test('works after a trace that failed', async () => {
    let read = true
    const double = compile((x: Tensor) => {
      if (read) x.dataSync()
      return x.mul(2)
    })
    await failure(() => double(ones([1])))
    read = false
    expect(await double(ones([1])).item()).toBe(2)
  })
})

describe('disposed tensors', () => {
  const disposed = <T extends Tensor>(x: T) => {
    x.dispose()
    return x
  }
  refuses([
    ['read', 'STATE', () => disposed(tensor([1, 2])).data(), [/disposed/]],
    [
      'used',
      'STATE',
      () =>
        disposed(tensor([1, 2]))
          .add(1)
          .data(),
      [/disposed/],
    ],
    [
      'variable',
      'STATE',
      () =>
        disposed(variable([1, 2]))
          .add(1)
          .data(),
      [/disposed/],
    ],
  ])

  test('may be disposed again', () => {
    disposed(disposed(tensor([1, 2])))
  })
})

describe('loadStateDict', () => {
  const layer = layers.dense({ units: 2, inputShape: [2] })
  const state = layer.stateDict()
  const load = (changed: Readonly<Record<string, unknown>>) => layer.loadStateDict(wrong(changed))
  refuses([
    ['a missing name', 'STATE', () => load({ kernel: state.kernel }), [/without bias/, /strict/]],
    ['an unknown name', 'STATE', () => load({ ...state, more: 1 }), [/unknown more/]],
    [
      'another shape',
      'SHAPE',
      () => load({ ...state, kernel: [1, 2] }),
      [/kernel.*\[2, 2\].*\[2\]/],
    ],
    ['texts', 'ARGUMENT', () => load({ ...state, bias: ['a', 'b'] }), [/string/]],
    [
      'a __proto__ key',
      'STATE',
      () => load({ ...state, ...JSON.parse('{"__proto__": [1]}'), ['__proto__']: [1] }),
      [/unknown __proto__/],
    ],
  ])

  test('changes nothing when one part does not fit', async () => {
    const before = await layer.kernel!.data()
    await failure(() =>
      load({
        kernel: [
          [9, 9],
          [9, 9],
        ],
        bias: [1],
      }),
    )
    expect(await layer.kernel!.data()).toEqual(before)
  })
})

describe('loadModel', () => {
  const bytes = net().toBytes()
  const { kind, tensors, metadata } = decodeContainer(bytes, 'model')
  const text = new TextDecoder('latin1').decode(bytes)

  /** The file with one piece of its header replaced by another of the same length. */
  const patched = (from: string, to: string) => {
    const at = text.indexOf(from)
    if (at < 0 || from.length !== to.length) throw new Error(`no ${from}`)
    const copy = bytes.slice()
    copy.set(new TextEncoder().encode(to), at)
    return copy
  }
  const remade = (changes: Readonly<Record<string, Json>>, more = tensors) =>
    encodeContainer({ kind, tensors: more, metadata: { ...metadata, ...changes } })
  const dense = (config: Readonly<Record<string, Json>>): Json => {
    const [first, second] = metadata.architecture as { config: Record<string, Json> }[]
    return [{ ...first, config: { ...first.config, ...config } }, second]
  }

  refuses([
    ['nothing', 'FORMAT', () => loadModel(new Uint8Array()), [/0 bytes/]],
    ['garbage', 'FORMAT', () => loadModel(new Uint8Array(64).fill(7)), [/damaged/]],
    ['another file', 'FORMAT', () => loadModel(new TextEncoder().encode('a,b\n1,2\n3,4\n')), [/./]],
    ['half a file', 'FORMAT', () => loadModel(bytes.slice(0, bytes.length >> 1)), [/./]],
    ['no last byte', 'FORMAT', () => loadModel(bytes.slice(0, -1)), [/truncated|complete|bytes/]],
    [
      'a newer version',
      'FORMAT',
      () => loadModel(patched('"version":"1"', '"version":"9"')),
      [/version 1 or lower/, /version 9/, /Update Athanor/],
    ],
    ['a changed weight name', 'FORMAT', () => loadModel(patched('bias', 'bijs')), [/./]],
    ['a __proto__ key', 'FORMAT', () => loadModel(patched('"dtype"', '"__pro"')), [/./]],
    [
      'a __proto__ layer',
      'FORMAT',
      () => loadModel(remade(JSON.parse('{"extra": {"__proto__": {"polluted": 1}}}'))),
      [/__proto__/],
    ],
    [
      'a checkpoint',
      'FORMAT',
      () => loadModel(encodeContainer({ kind: 'checkpoint', tensors, metadata })),
      [/a model/, /a checkpoint/],
    ],
    [
      'no architecture',
      'FORMAT',
      () => loadModel(remade({ architecture: null })),
      [/list of layers/],
    ],
    ['a file that is not there', 'FILE', () => loadModel('nowhere.athanor'), [/nowhere\.athanor/]],
  ])

  test.each<[string, Json]>([
    ['an unknown layer', [{ className: 'Surprise', config: {} }]],
    ['a layer without a name', [{}]],
    ['a number', [3]],
    ['a layer from Object.prototype', [{ className: 'constructor', config: {} }]],
    ['units that are a text', dense({ units: 'many' })],
    ['units beyond the weights', dense({ units: 5 })],
    ['units beyond the machine', dense({ units: 1e12 })],
    ['units that would fit the machine, and are not in the file', dense({ units: 1e8 })],
    ['an input beyond the machine', dense({ inputShape: [1e12] })],
    ['an activation that is an object', dense({ activation: { a: 1 } })],
  ])('an architecture with %s', async (_, architecture) => {
    const { code, message } = await failure(() => loadModel(remade({ architecture })))
    expect({ code, message }).toMatchObject({ code: 'FORMAT' })
    expect(message).toMatch(/reading model/)
  })

  test('weights that do not belong to it', async () => {
    const { bias: _, ...fewer } = Object.fromEntries(
      Object.entries(tensors).map(([name, values]) => [name.replace('0.bias', 'bias'), values]),
    )
    expect((await failure(() => loadModel(remade({}, fewer)))).code).toBe('FORMAT')
  })

  test('leaves Object.prototype alone', () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

test('losses refuse what they cannot weigh', async () => {
  const { code, message } = await failure(() =>
    losses.meanSquaredError([1, 2], [1, 2], { sampleWeight: [1, 2, 3] }),
  )
  expect(code).toBe('SHAPE')
  expect(message).toMatch(/meanSquaredError/)
})
