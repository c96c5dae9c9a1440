// What went wrong inside a run, said the same way by every executor.

import { AthanorError } from '../base/errors.js'

const checkIndices =
  'Check the labels or indices against the number of classes or rows they point into'
const checkCtc =
  'A label is a class other than the blank (0 by default): losses.ctc takes rows padded with −1; lengths lie within their axes'

export function indexOutOfRange(label: string): AthanorError {
  return new AthanorError('INDEX', {
    operation: label,
    expected: 'indices (or integer labels) inside their axis',
    received: 'one outside it',
    fix: label.includes('ctcLoss') ? checkCtc : checkIndices,
  })
}

export function notFinite(label: string): AthanorError {
  return new AthanorError('NOT_FINITE', {
    operation: label,
    expected: 'a finite loss and finite gradients',
    received: 'NaN or infinity; the update was withheld',
    fix: 'Lower the learning rate, scale the inputs, or clip the gradients',
  })
}

export function outOfMemory(label: string): AthanorError {
  return new AthanorError('MEMORY', {
    operation: label,
    expected: 'memory for its working space',
    received: 'none left',
    fix: 'Use a smaller batch',
  })
}
