// Trains a model of every kind on a table and says what each predicts; arguments: table, folder.

import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadModel, train } from 'athanor'
import { predictSaved } from './predict-saved.js'

const [table, folder, ...kinds] = process.argv.slice(2)
const files = {}
for (const kind of kinds)
  for (const target of kind === 'bayes' ? ['churn'] : ['churn', 'age']) {
    const run = await train(table, {
      target,
      model: kind,
      out: join(folder, 'runs'),
      name: `${kind}-${target}`,
      ...(kind === 'neural' ? { epochs: 3 } : {}),
    })
    const file = join(folder, `${kind}-${target}.athanor`)
    await copyFile(join(run.path, 'model.athanor'), file)
    files[`${kind}-${target}`] = file
  }
console.log(JSON.stringify(await predictSaved(loadModel, files)))
