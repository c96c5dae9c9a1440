// What a straight line cannot do, and what new features can.

import { LogisticRegression } from 'athanor/classic'
import { moons, plane, regions } from '../moons.js'

const known = await moons(400, 0.15, 1)
const fresh = await moons(400, 0.15, 2)

const choices = {
  'two features': (x: number, y: number) => [x, y],
  'seven features': (x: number, y: number) => [x, y, x * x, x * y, y * y, x ** 3, x * x * y],
}

const answers: Record<string, ArrayLike<number>> = {}
for (const [name, featuresOf] of Object.entries(choices)) {
  const rowsOf = (places: number[][]) => places.map(([x, y]) => featuresOf(x, y))
  const model = new LogisticRegression({ C: 100, maxIter: 2000 })
  await model.fit(rowsOf(known.points), known.kinds)
  const right = await model.score(rowsOf(fresh.points), fresh.kinds)
  console.log(`${name}: ${(100 * right).toFixed(1)} % right on fresh points`)
  answers[name] = (await model.predict(rowsOf(plane))).map(Number)
}
regions('04-straight', answers, known)
