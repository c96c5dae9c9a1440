import { expect, test } from 'vitest'
import { HistGradientBoostingClassifier, HistGradientBoostingRegressor } from './index.js'
import { checkEstimator } from '../../estimator/index.js'
test('contract', async () => {
  for (const C of [HistGradientBoostingClassifier, HistGradientBoostingRegressor] as any[])
  console.log(await checkEstimator({ make: () => new C(), fromJSON: (j: unknown) => C.fromJSON(j) }))
}, 60000)
test('quick', async () => {
  const x = Array.from({ length: 200 }, (_, i) => [i % 20, Math.sin(i)])
  const y = x.map(([a]) => (a > 6 && a < 13 ? 'inside' : 'outside'))
  const model = await new HistGradientBoostingClassifier().fit(x, y)
  console.log(await model.predict([[10, 0], [15, 0]]), model.nIter, model.trainScore.at(-1), model.featureImportances)
  const x2 = Array.from({ length: 400 }, (_, i) => [i / 40, i % 7])
  const y2 = x2.map(([a]) => Math.sin(a))
  for (const k of [1, 1e-200, 1e200]) {
  const m2 = await new HistGradientBoostingRegressor().fit(x2, y2.map(v => v * k))
  console.log(await m2.predict([[1.5, 0]]), m2.trainScore.at(-1)) }
})
