// A plain Node server that trains once, then predicts: POST /predict with rows as JSON.

import { createServer } from 'node:http'
import { loadModel, train } from 'athanor'

const run = await train('customers.csv', { target: 'churn', epochs: 5, out: 'runs', seed: 1 })
const model = await loadModel(run.path)

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  try {
    const rows = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(await model.predict(rows)))
  } catch (error) {
    response.statusCode = 400
    response.end(JSON.stringify({ code: error.code, message: error.message }))
  }
})
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port, run: run.path }))
})
process.on('SIGTERM', () => server.close(() => process.exit(0)))
