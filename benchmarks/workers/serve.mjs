// A worker's side of the conversation: one JSON command a line on stdin, one JSON answer a line on stdout.

import { createInterface } from 'node:readline'

/** `commands[name](message)` returns (a promise of) the answer's fields. */
export async function serve(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line)
    let answer
    try {
      answer = { ok: true, ...(await commands[message.command](message)) }
    } catch (error) {
      answer = { ok: false, error: String(error?.stack ?? error) }
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`)
    if (message.command === 'exit') process.exit(0)
  }
}

/** Times `steps` calls of `step(i)`; returns seconds and the last loss. */
export async function timeSteps(step, steps) {
  let loss
  const start = process.hrtime.bigint()
  for (let i = 0; i < steps; i++) loss = await step(i)
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, loss }
}
