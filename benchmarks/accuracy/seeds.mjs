// Results of several seeds: kept in a JSON file from one call to the next, and summed up.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { machine } from '../machine.mjs'

/**
 * The results in a file. `run(name, job, seeds, train)` calls `train(seed)` for each seed that has no result with the same
 * options yet, and saves after each; `write(results)` makes the page.
 */
export class SeedResults {
  constructor(file, write) {
    this.file = file
    this.write = write
    this.read()
  }

  read() {
    const { file } = this
    this.all = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { jobs: {} }
    const { cpu, cores } = machine()
    this.all.machine = { cpu, cores }
  }

  /** Runs of a job with the same options. */
  runsOf(name, job) {
    const earlier = this.all.jobs[name]
    const same = JSON.stringify(earlier?.options) === JSON.stringify(job.options)
    return same ? earlier.runs : []
  }

  async run(name, job, seeds, train) {
    for (const seed of seeds) {
      if (this.runsOf(name, job).some(run => run.seed === seed)) continue
      const measured = await train(seed)
      // Others may have written meanwhile.
      this.read()
      const runs = this.runsOf(name, job)
      runs.push({ seed, ...measured })
      runs.sort((a, b) => a.seed - b.seed)
      this.all.jobs[name] = { ...job, runs }
      this.save()
    }
  }

  save() {
    writeFileSync(this.file, `${JSON.stringify(this.all, null, 1)}\n`)
    this.write(this.all)
  }
}

/** Mean and standard deviation of a sample. */
export function meanAndSpread(values) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return { mean, spread: Math.sqrt(squares / Math.max(1, values.length - 1)) }
}

/** `97.12 % ± 0.20`, from shares. */
export function percent(shares, digits = 2) {
  const { mean, spread } = meanAndSpread(shares.map(x => 100 * x))
  return `${mean.toFixed(digits)} %${shares.length > 1 ? ` ± ${spread.toFixed(digits)}` : ''}`
}

/** `97.12, 96.90, 97.30`, from shares. */
export const bySeed = (shares, digits = 2) => shares.map(x => (100 * x).toFixed(digits)).join(', ')

/** A row of a Markdown table. */
export const row = cells => `| ${cells.join(' | ')} |`

/** Counts of seeds from `0,1,2`. */
export const seedsOf = text => text.split(',').map(Number)

/** Says each epoch of a run. */
export const tellEpochs = seed => event => {
  if (event.type === 'epoch')
    console.log(
      `  seed ${seed}, epoch ${event.epoch}: loss ${event.loss.toFixed(4)}, validation ${event.validationLoss?.toFixed(4) ?? ''}`,
    )
}
