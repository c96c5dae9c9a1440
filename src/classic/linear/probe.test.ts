import { test } from 'vitest'
import * as m from './index.js'
import { LinearDiscriminantAnalysis } from '../discriminant-analysis/index.js'
import { oracleData } from './testing/oracle.js'
test('probe', async () => {
    const { x, labels, numbers } = oracleData('iris')
    const time = async (name: string, f: () => Promise<unknown>) => {
      for (let i = 0; i < 20; i++) await f()
      const all: number[] = []
      for (let i = 0; i < 50; i++) { const t = performance.now(); await f(); all.push(performance.now() - t) }
      all.sort((a, b) => a - b)
      console.log(name, 'µs', Math.round(1000 * all[25]), 'least', Math.round(1000*all[0]))
    }
    const lr = await new m.LogisticRegression().fit(x, labels)
    const row = [[1, 2, 3, 4]]
    await time('predict one', () => lr.predict(row))
    await time('ridge predict one', async () => ridge.predict(row))
    const ridge = await new m.Ridge().fit(x, numbers)
    await time('logistic fit iris', () => new m.LogisticRegression().fit(x, labels))
    await time('linreg fit iris', () => new m.LinearRegression().fit(x, numbers))
    await time('ridge fit iris', () => new m.Ridge().fit(x, numbers))
    await time('lasso fit iris', () => new m.Lasso({alpha: 0.01}).fit(x, numbers))
    await time('huber', () => new m.HuberRegressor().fit(x, numbers))
    await time('sgd', () => new m.SGDClassifier().fit(x, labels))
    await time('lda', () => new LinearDiscriminantAnalysis().fit(x, labels))
}, 100000)
