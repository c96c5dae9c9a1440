// Models compared by cross-validation on the training rows within a time budget; or as an earlier run did,
// deciding nothing. docs/decisions/model-choice.md says how time is shared.

import { AthanorError } from '../../base/errors.js'
import type { Candidate } from '../candidates.js'
import { standardCandidate, takesWeights } from '../candidates.js'
import type { Answers } from '../evaluation.js'
import type { RunEventBody } from '../events.js'
import { type FamilyName, families } from '../model-families.js'
import type { PreparedData } from '../prepare-data.js'
import { higherIsBetter, type MetricName } from '../report/report-data.js'
import { runError } from '../run-error.js'
import type { TrainSettings } from '../train-options.js'
import { type Board, type BoardEntry, chosenEntry, type Omission } from './board.js'
import { Clock, type Plan, planFor, probeRows } from './budget.js'
import { candidateOf, emptyEntry, entryName, entryOf, isDummy, nameOf } from './entries.js'
import { FoldData } from './fold-data.js'
import { foldsOf } from './folds.js'
import { learningCurve } from './learning-curve.js'
import { answersOf, type Measured, type Measuring, measureFold } from './measure.js'
import { variantsOf } from './search.js'

export interface CompareOptions {
  /** In the order in which they are tried. */
  readonly families: readonly FamilyName[]
  /** Parameters of all candidates, beside those that are drawn. */
  readonly fixed: Readonly<Record<string, unknown>>
  readonly metric: MetricName
  /** Seconds. */
  readonly budget: number
  readonly tell: (event: RunEventBody) => void
  readonly signal?: AbortSignal
  /** An earlier board of the same data: what it measured is measured again, and nothing else. */
  readonly repeat?: Board
  /** What was measured before the run was interrupted. */
  readonly done?: Board
  /** Hears of the board after each candidate. */
  readonly onBoard?: (board: Board) => Promise<void>
}

export interface Compared {
  readonly board: Board
  readonly winner: Candidate
  /** The winner's answers for the sample's training rows, each from a fold that didn't train on it. */
  readonly outOfFold: Answers | undefined
}

/** Measured on any budget. */
const always: ReadonlySet<string> = new Set(['dummy', 'linear', 'boosting'])
/** Families whose parameters are searched: those with the best standard candidates. */
const searched = 3
/** Share of the budget that is kept for the learning curve. */
const forCurve = 0.1

export async function compareModels(
  data: PreparedData,
  settings: TrainSettings,
  options: CompareOptions,
): Promise<Compared> {
  return new Comparison(data, settings, options).run()
}

/** Where a measurement goes, and what it may take. */
interface Place {
  readonly share?: number
  readonly must?: boolean
  /** Of the entry that it replaces; by default it is a new one. */
  readonly place?: number
}

class Comparison {
  private readonly entries: BoardEntry[] = []
  private readonly candidates: (Candidate | undefined)[] = []
  /** Seconds of a fold, features and predictions included, by place of the entry. */
  private readonly foldSeconds: number[] = []
  private readonly folds: FoldData
  private readonly clock: Clock
  private readonly seed: number
  /** Training rows of the largest fold. */
  private readonly fullRows: number
  private best: { place: number; outputs: readonly ArrayLike<number>[] } | undefined

  constructor(
    private readonly data: PreparedData,
    private readonly settings: TrainSettings,
    private readonly options: CompareOptions,
  ) {
    this.seed = settings.seed ?? 0
    this.folds = new FoldData(data, foldsOf(data, settings))
    this.fullRows = Math.max(...this.folds.folds.map(({ train }) => train.length))
    this.clock = new Clock(options.budget, options.done?.seconds)
  }

  async run(): Promise<Compared> {
    const { repeat } = this.options
    await this.add(this.dummy(), { rows: this.fullRows, folds: this.folds.folds.length })
    if (repeat === undefined) {
      await this.standards()
      await this.promote()
      await this.search()
    } else await this.again(repeat)
    const place = this.bestPlace()
    const winner = this.candidates[place]
    if (winner === undefined) throw this.nothingMeasured()
    const curve = await this.curve(winner, place)
    const board = { ...this.board(), learningCurve: curve, complete: true }
    this.options.tell({ type: 'board', board })
    return { board, winner, outOfFold: this.outOfFold(place) }
  }

  private board(): Board {
    const { metric, budget } = this.options
    return {
      metric,
      folds: this.folds.folds.length,
      entries: this.entries,
      chosen: this.bestPlace(),
      learningCurve: null,
      complete: false,
      budget,
      seconds: Number(this.clock.seconds.toFixed(3)),
    }
  }

  private bestPlace(): number {
    return chosenEntry(this.entries, higherIsBetter[this.options.metric])
  }

  private nothingMeasured(): AthanorError {
    const failed = this.entries.find(entry => entry.failed !== undefined)?.failed
    return runError('DATA', 'nothingMeasured', { reason: failed ?? '–' })
  }

  private dummy(): Candidate & { family: 'linear' } {
    const estimator = this.data.task === 'classification' ? 'DummyClassifier' : 'DummyRegressor'
    // The family only says how its time grows.
    return { family: 'linear', member: { estimator, features: 'plain' }, parameters: {} }
  }

  /** The standard candidate of every family. */
  private async standards(): Promise<void> {
    const { families: names, fixed } = this.options
    for (const [i, family] of names.entries()) {
      const candidate = { ...standardCandidate(family, this.data.task), parameters: fixed }
      if (this.settings.classWeight === 'balanced' && !(await takesWeights(candidate))) {
        this.omit(candidate, 'weights')
        continue
      }
      const waiting = names.length - i
      const share = Math.max(0, this.left) / Math.max(1, waiting / 1.5)
      await this.consider(candidate, share, always.has(family) || names.length === 1)
    }
  }

  /** Seconds that candidates may still take. */
  private get left(): number {
    return this.clock.left - forCurve * this.options.budget
  }

  /**
   * The best of those that were measured on fewer rows or folds than there are get all of them, or as many
   * as fit: a score on few rows says too little for a choice.
   */
  private async promote(): Promise<void> {
    for (const place of this.standing().slice(0, searched)) {
      const { rows, folds } = this.entries[place]
      const candidate = this.candidates[place]
      if (candidate === undefined || this.left < 0.05 * this.options.budget) continue
      const { growth, mostRows } = families[candidate.family]
      const plan = planFor({
        rows: Math.min(this.fullRows, mostRows),
        folds: this.folds.folds.length,
        seconds: asked => this.foldSeconds[place] * (asked / rows) ** growth,
        share: 0.5 * this.left,
      })
      const isMore =
        plan !== undefined && (plan.rows > 1.5 * rows || (plan.rows >= rows && plan.folds > folds))
      if (isMore) await this.add(candidate, plan, { share: this.left, place })
    }
  }

  /** Places of the entries that have a score, the best first. */
  private standing(): number[] {
    const better = higherIsBetter[this.options.metric] ? 1 : -1
    const score = (place: number) => this.entries[place].score ?? 0
    return Array.from(this.entries.keys())
      .filter(place => this.candidates[place] !== undefined && this.entries[place].score !== null)
      .sort((a, b) => better * (score(b) - score(a)))
  }

  /** Variants of the best families, in turns, while there are any and time for them. */
  private async search(): Promise<void> {
    const { task } = this.data
    const queues = await Promise.all(
      this.standing()
        .slice(0, searched)
        .map(async place => ({
          place,
          waiting: await variantsOf(
            this.entries[place].family as FamilyName,
            task,
            this.seed,
            this.options.fixed,
          ),
        })),
    )
    for (let turn = 0; queues.some(({ waiting }) => turn < waiting.length); turn++)
      for (const { place, waiting } of queues) {
        const candidate = waiting[turn]
        const { rows, folds } = this.entries[place]
        if (candidate === undefined) continue
        if (1.2 * folds * this.foldSeconds[place] > this.left) continue
        await this.add(candidate, { rows, folds })
      }
  }

  /** What an earlier board has, in its order. */
  private async again({ entries }: Board): Promise<void> {
    for (const entry of entries) {
      if (entry.family === 'dummy') continue
      if (entry.score === null) this.keep(entry, undefined, 0)
      else
        await this.add(candidateOf(entry, this.data.task), { rows: entry.rows, folds: entry.folds })
    }
  }

  /** Measures a candidate on as much as its share of the time allows. */
  private async consider(candidate: Candidate, share: number, must: boolean): Promise<void> {
    const total = this.folds.folds.length
    const { growth, predictGrowth, mostRows } = families[candidate.family]
    const rows = Math.min(this.fullRows, mostRows)
    if (this.alreadyDone(candidate)) return this.add(candidate, { rows, folds: total })
    if (this.left <= 0 && !must) return this.omit(candidate, 'time')
    let plan: Plan | undefined = { rows, folds: total }
    if (rows > probeRows) {
      const began = performance.now()
      const place = this.entries.length
      const probe = await this.attempt(candidate, { must, place }, signal =>
        measureFold(candidate, 0, probeRows, this.measuring(candidate, 0, 1, signal), 1000),
      )
      if (probe === undefined) return
      const seconds = (performance.now() - began) / 1000
      const testRows = this.folds.folds[0].test.length
      const predicting = probe.predictSeconds * testRows
      plan = planFor({
        rows,
        folds: total,
        share: Math.min(share, Math.max(0, this.left)),
        seconds: asked =>
          Math.max(0.5 * seconds, probe.fitSeconds) * (asked / probeRows) ** growth +
          predicting * (asked / probeRows) ** predictGrowth,
      })
      if (plan === undefined && must) plan = { rows: Math.min(rows, probeRows), folds: 2 }
      if (plan === undefined) return this.omit(candidate, 'time')
    }
    await this.add(candidate, plan, { share, must })
  }

  /** Measures it on the rows and folds named; fewer folds once its share is used up. */
  private async add(
    candidate: Candidate,
    { rows, folds }: Plan,
    { share = Number.POSITIVE_INFINITY, must = false, place = this.entries.length }: Place = {},
  ): Promise<void> {
    const dummy = isDummy(candidate)
    const before = this.alreadyDone(candidate)
    if (before !== undefined && !dummy)
      return this.keep(before, candidate, before.fitSeconds ?? 0, place)
    const measured: Measured[] = []
    const began = performance.now()
    for (let fold = 0; fold < folds; fold++) {
      const seconds = (performance.now() - began) / 1000
      const isLate = fold > 0 && seconds * (1 + 1 / fold) > Math.min(share, this.left + seconds)
      if (this.options.repeat === undefined && isLate && !dummy) break
      const found = await this.attempt(candidate, { must: must || dummy, place }, signal =>
        measureFold(candidate, fold, rows, this.measuring(candidate, fold, folds, signal)),
      )
      if (found === undefined) return
      measured.push(found)
    }
    const seconds = (performance.now() - began) / 1000 / measured.length
    const entry = entryOf(candidate, measured, this.seed)
    this.keep(dummy ? { ...entry, family: 'dummy' } : entry, candidate, seconds, place)
    if (!dummy && this.bestPlace() === place)
      this.best = { place, outputs: measured.map(({ outputs }) => outputs) }
    else if (this.best?.place === place) this.best = undefined
    await this.options.onBoard?.(this.board())
  }

  private alreadyDone(candidate: Candidate): BoardEntry | undefined {
    const wanted = nameOf(candidate)
    return this.options.done?.entries.find(
      entry =>
        entry.score !== null && entry.family === candidate.family && entryName(entry) === wanted,
    )
  }

  /**
   * Does a piece of work for a candidate. undefined, and an entry that says why, where it took too long
   * or the candidate cannot learn from these data.
   */
  private async attempt<T>(
    candidate: Candidate,
    { must, place }: { readonly must: boolean; readonly place: number },
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const { budget, repeat, signal } = this.options
    const stop = new AbortController()
    const passOn = () => stop.abort(signal?.reason)
    if (signal?.aborted) passOn()
    signal?.addEventListener('abort', passOn)
    const late = 1000 * Math.max(1, this.left + forCurve * budget)
    const timer =
      must || repeat !== undefined || late > 2 ** 31 - 1
        ? undefined
        : setTimeout(() => stop.abort(), late)
    try {
      return await work(stop.signal)
    } catch (error) {
      if (!(error instanceof AthanorError) || this.options.signal?.aborted) throw error
      if (error.code === 'INTERNAL' || error.code === 'EXECUTOR') throw error
      // What was measured before stays where there is no time for more.
      if (place < this.entries.length) return undefined
      if (error.code === 'INTERRUPTED' && !must) this.omit(candidate, 'time')
      else this.keep({ ...emptyEntry(candidate, this.seed), failed: error.message }, undefined, 0)
      return undefined
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', passOn)
    }
  }

  private omit(candidate: Candidate, omitted: Omission): void {
    this.keep({ ...emptyEntry(candidate, this.seed), omitted }, undefined, 0)
  }

  private keep(
    entry: BoardEntry,
    candidate: Candidate | undefined,
    foldSeconds: number,
    place = this.entries.length,
  ): void {
    this.entries[place] = entry
    this.candidates[place] = entry.family === 'dummy' ? undefined : candidate
    this.foldSeconds[place] = foldSeconds
    this.options.tell({ type: 'candidate', metric: this.options.metric, entry })
  }

  private measuring(
    candidate: Candidate,
    fold: number,
    folds: number,
    signal: AbortSignal,
  ): Measuring {
    const { metric, tell, budget } = this.options
    const say = (fraction: number) =>
      tell({
        type: 'comparing',
        model: isDummy(candidate) ? 'dummy' : candidate.family,
        estimator: candidate.member?.estimator ?? 'net',
        fold: fold + 1,
        folds,
        fraction,
        measured: this.entries.length,
        secondsLeft: Math.max(0, Math.min(budget, this.clock.left)),
      })
    say(0)
    return {
      folds: this.folds,
      settings: this.settings,
      metric,
      signal,
      onFraction: say,
    }
  }

  private async curve(winner: Candidate, place: number) {
    const { metric, signal, repeat, tell } = this.options
    return learningCurve(winner, {
      folds: this.folds,
      settings: this.settings,
      metric,
      whole: this.entries[place],
      foldSeconds: this.foldSeconds[place],
      seconds: Math.max(this.clock.left, forCurve * this.options.budget),
      ...(repeat === undefined ? {} : { repeat: repeat.learningCurve }),
      signal,
      tell,
    })
  }

  private outOfFold(place: number): Answers | undefined {
    const { folds, data } = this.folds
    const { best } = this
    if (best?.place !== place || this.entries[place].rows < this.fullRows) return undefined
    const rows = data.sample.split.train
    const width = data.task === 'regression' ? 1 : data.encoder.classes.length
    const values = new Float64Array(rows.length * width)
    const placeOf = new Map(Array.from(rows, (row, i) => [row, i]))
    const seen = new Set<number>()
    best.outputs.forEach((outputs, fold) => {
      folds[fold].test.forEach((row, i) => {
        const at = placeOf.get(row) ?? 0
        seen.add(at)
        for (let c = 0; c < width; c++) values[at * width + c] = outputs[i * width + c]
      })
    })
    // By time, the first rows are in no fold's test.
    return seen.size === rows.length ? answersOf(data, rows, values) : undefined
  }
}
