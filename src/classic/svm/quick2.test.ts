import { test } from 'vitest'
import { readFileSync } from 'node:fs'
import * as svm from './index.js'
test('quick', async () => {
  for (const c of JSON.parse(readFileSync('/tmp/quick.json', 'utf8'))) {
    const m = new (svm as any)[c.kind](c.params)
    await m.fit(c.x, c.y ?? undefined, c.w ? { sampleWeight: c.w } : {})
    const max = (a: any, b: any) => a.length !== b.length ? 'len ' + a.length + ' ' + b.length : Math.max(...Array.from(a as number[], (v, i) => Math.abs(v - b[i])))
    const d = m.decisionFunction ? await m.decisionFunction(c.x.slice(0, 20)) : await m.predict(c.x.slice(0, 20))
    const inter = typeof m.intercept === 'number' ? [m.intercept] : m.intercept
    console.log(c.name, 'iters', JSON.stringify([].concat(Array.from([m.nIter].flat() as any) as any)), JSON.stringify(c.n), 'support', max(m.support, c.support), 'dual', max(m.dualCoef, c.dual), 'int', max(inter, c.intercept), 'dec', max(d, c.d), 'pred', max(await m.predict(c.x), c.p))
  }
})
