import { expect, test } from 'vitest'
import { parseArguments } from './arguments.js'

test('an option of another command: whose it is, and which there are here', () => {
  expect(() => parseArguments('lr', ['data.csv', '--epochs', '3'])).toThrow(
    /^athanor lr has no option '--epochs'; athanor train has\. Options of lr: --target, .*--json/,
  )
  expect(() => parseArguments('lr', ['data.csv', '--taget', 'y'])).toThrow(/mean --target\?/)
})

test('choices that depend on the data are left to the command', () => {
  const { options } = parseArguments('train', ['clothes', '--model', 'resnet21'])
  expect(options).toEqual({ model: 'resnet21' })
  expect(() => parseArguments('train', ['x.csv', '--schedule', 'onecycle'])).toThrow(
    /^--schedule: .*received onecycle\. Did you mean 'oneCycle'\?/,
  )
  expect(() => parseArguments('compare', ['x.csv', '--model', 'tre'])).toThrow(/mean 'tree'\?/)
})
