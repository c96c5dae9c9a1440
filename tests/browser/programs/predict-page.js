// What a page does with a saved model: load the file, predict raw rows.

import { loadModel } from 'athanor'

async function main() {
  const model = await loadModel('/model.athanor')
  return model.predict([{ plan: 'pro', age: 31, city: '北京' }])
}

globalThis.result = main().then(
  value => ({ value }),
  error => ({ error: String(error.stack ?? error) }),
)
