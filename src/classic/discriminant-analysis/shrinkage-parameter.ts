// The parameter `shrinkage` of discriminant analyses.

import {
  choiceParameter,
  eitherParameter,
  numberParameter,
  optionalParameter,
} from '../../base/parameters.js'

export const shrinkageParameter = optionalParameter(
  eitherParameter(
    choiceParameter(['auto'], { doc: '' }),
    numberParameter({ min: 0, max: 1, doc: '' }),
    {
      doc: 'How far covariances are drawn to a multiple of the identity, which few rows need: auto is Ledoit and Wolf’s rule. Not for the solver svd.',
      search: { choices: [undefined, 'auto', 0.1, 0.5] },
    },
  ),
)
