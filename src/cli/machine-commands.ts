// athanor doctor and athanor build: what this machine offers, and compiling the kernels for it.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AthanorError } from '../base/errors.js'
import { runError } from '../runs/run-error.js'
import type { CommandInput } from './command.js'
import { textTable } from './output.js'

export async function doctorCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const { diagnose } = await import('../execute/select.js')
  const { machineFacts } = await import('../runs/manifest.js')
  const diagnosis = diagnose()
  const facts = machineFacts(diagnosis)
  const { availableMemory } = await import('../platform/node.js')
  if (input.options.json === true) {
    output.json({
      athanor: facts.athanor,
      node: facts.node,
      platform: facts.platform,
      processor: facts.processor,
      cores: facts.cores,
      memoryBytes: availableMemory(),
      executor: diagnosis.chosen,
      isa: diagnosis.isa,
      threads: diagnosis.threads,
      passedOver: diagnosis.passedOver,
    })
    return 0
  }
  output.result(output.style.bold(say('doctorTitle')))
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`
  const rows = [
    ['  athanor', String(facts.athanor)],
    ['  Node', `${facts.node} (${facts.platform})`],
    ['  CPU', `${facts.processor} × ${facts.cores}`],
    [`  ${say('doctorMemory')}`, gib(availableMemory())],
    [`  ${say('doctorExecutor')}`, output.style.good(diagnosis.chosen)],
    [`  ${say('doctorIsa')}`, diagnosis.isa],
    [`  ${say('doctorThreads')}`, String(diagnosis.threads)],
  ]
  for (const line of textTable(rows, [0, 1])) output.result(line)
  for (const { name, reason } of diagnosis.passedOver)
    output.result(`  ${say('doctorPassedOver', { name, reason })}`)
  if (diagnosis.passedOver.some(({ name }) => name === 'native'))
    output.result(`  ${say('doctorNative')}`)
  return 0
}

export async function buildCommand(input: CommandInput): Promise<number> {
  const { say, output } = input
  const script = fileURLToPath(new URL('../../scripts/build-native.mjs', import.meta.url))
  if (!existsSync(script)) throw runError('FILE', 'buildNotHere', { path: script })
  const { buildNative } = (await import(pathToFileURL(script).href)) as {
    buildNative(options: { outDir: string; log: (line: string) => void }): Promise<unknown>
  }
  const outDir = fileURLToPath(new URL('../kernels', import.meta.url))
  const lines: string[] = []
  await buildNative({
    outDir,
    log: line => {
      lines.push(line)
      output.note(line)
    },
  })
  const folder = join(outDir, `${process.platform}-${process.arch}`)
  if (!existsSync(join(folder, 'athanor.node')))
    throw new AthanorError('EXECUTOR', { operation: 'athanor build', received: lines.at(-1) ?? '' })
  if (input.options.json === true) output.json({ kernels: folder })
  else output.result(say('buildDone', { path: folder }))
  return 0
}
