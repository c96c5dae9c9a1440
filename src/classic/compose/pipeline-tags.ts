// What a chain of estimators takes, from what each of them takes.

import type { EstimatorCore, Tags } from '../../estimator/contract.js'

function tagsOf(step: EstimatorCore | string): Tags | undefined {
  return typeof step === 'string' ? undefined : ((step as { tags?: Tags }).tags ?? {})
}

/** Of steps one after the other. */
export function pipelineTags(steps: readonly (EstimatorCore | string)[]): Tags {
  const all = steps.map(tagsOf).filter(tags => tags !== undefined)
  const first = all[0] ?? { allowNaN: true, sparse: true }
  const last = all[all.length - 1] ?? {}
  // Up to the step that fills gaps, each has to take them.
  const filling = all.findIndex(tags => tags.fillsMissing === true)
  const gaps = filling < 0 ? all : all.slice(0, filling + 1)
  return {
    input: first.input,
    nonNegative: first.nonNegative,
    allowNaN: gaps.every(tags => tags.allowNaN === true),
    sparse: all.every(tags => tags.sparse === true),
    fillsMissing: filling >= 0,
    needsTargets: all.some(tags => tags.needsTargets === true),
    oneClass: last.oneClass,
    targets: last.targets,
    noSampleWeight: last.noSampleWeight,
    ignoresFeatures: last.ignoresFeatures,
  }
}

/** Of transformers side by side, each of which sees all features. */
export function unionTags(steps: readonly (EstimatorCore | string)[]): Tags {
  const all = steps.map(tagsOf).filter(tags => tags !== undefined)
  const some = (input: Tags['input']) => all.some(tags => tags.input === input)
  return {
    input: some('texts') ? 'texts' : some('table') ? 'table' : 'matrix',
    nonNegative: all.some(tags => tags.nonNegative === true),
    allowNaN: all.every(tags => tags.allowNaN === true),
    sparse: all.every(tags => tags.sparse === true),
    fillsMissing: steps.every(step => tagsOf(step)?.fillsMissing === true),
    needsTargets: all.some(tags => tags.needsTargets === true),
    noSampleWeight: true,
  }
}
