// Trains and predicts inside a worker thread, twice in a row, and ends a third one in the middle.

import { isMainThread, parentPort, Worker } from 'node:worker_threads'

if (isMainThread) {
  const first = await answer(new Worker(new URL(import.meta.url)))
  const second = await answer(new Worker(new URL(import.meta.url)))
  const third = new Worker(new URL(import.meta.url))
  await new Promise(resolve => third.once('message', resolve))
  await third.terminate()
  console.log(JSON.stringify({ first, second }))
} else {
  const { loadModel, train } = await import('athanor')
  parentPort.postMessage('started')
  const run = await train('customers.csv', { target: 'churn', epochs: 5, out: 'runs', seed: 1 })
  const model = await loadModel(run.path)
  parentPort.postMessage(await model.predict([{ plan: 'pro', age: 31, city: 'Oslo' }]))
}

function answer(worker) {
  return new Promise((resolve, reject) => {
    worker.on('message', message => message !== 'started' && resolve(message))
    worker.on('error', reject)
    worker.on('exit', code => reject(new Error(`the worker ended with ${code}`)))
  })
}
