import { expect, test } from 'vitest'
import { checkAnyOptions, checkRunOptions } from './kind-options.js'
import type { RunKind } from './run-kinds.js'

test.each<[RunKind, object, RegExp]>([
  [
    'pictures',
    { model: 'resnet21' },
    /^model: expected one of cnn, lenet, resnet20, resnet32, resnet56, resnet18, mlp, received resnet21\. Did you mean 'resnet20'\?$/,
  ],
  ['table', { model: 'foerst' }, /one of auto, boosting, .*neural, .*Did you mean 'forest'\?/],
  ['table', { task: 'language-modle' }, /classification, regression.*mean 'language-model'\?/],
  ['table', { schedule: 'onecycle' }, /received onecycle\. Did you mean 'oneCycle'\?/],
  ['table', { model: 7 }, /one of auto, .*received 7$/],
  ['table', { model: 'cnn' }, /--model cnn is not for tables; it is for pictures/],
  ['text', { task: 'regression' }, /with --text classes are learned.*number, leave out --text/],
])('%s: %j is refused by what the kind has', (kind, options, message) => {
  expect(() => checkRunOptions(kind, options)).toThrow(message)
})

test('choices that differ between kinds wait until the kind is known', () => {
  expect(() => checkAnyOptions({ model: 'resnet21' })).not.toThrow()
  expect(() => checkAnyOptions({ schedule: 'onecycle' })).toThrow(/oneCycle/)
  expect(() => checkRunOptions('table', { model: 'x' }, name => `--${name}`)).toThrow(/^--model/)
})
