// A run's events as lines on a terminal: what was found, one live line, the result.

import { formatBytes } from '../base/format-bytes.js'
import type { RunEvent } from '../runs/events.js'
import type { Say } from '../runs/messages/messages.js'
import { formatNumber } from '../runs/messages/table.js'
import { rateText } from '../runs/rate-text.js'
import { familyTitle, noteText, scoreText, timeText } from '../runs/report/board-text.js'
import { durationText } from '../runs/report/parts.js'
import { findingNotes } from './finding-notes.js'
import type { Output } from './output.js'

type Listener<Type extends RunEvent['type']> = (event: Extract<RunEvent, { type: Type }>) => void

interface Pace {
  readonly rowsPerSecond: number
  readonly secondsLeft?: number
}

export class ProgressView {
  private lastPlain = performance.now()
  private readonly families = new Set<string>()
  private readonly lines: { readonly [Type in RunEvent['type']]: Listener<Type> }

  constructor(
    private readonly say: Say,
    private readonly output: Output,
  ) {
    const { style } = output
    this.lines = {
      started: () => {},
      reading: event =>
        output.live(
          event.rows === undefined || event.of === undefined
            ? readingLine(say, event.source, event.rows)
            : say('readingPictures', { source: event.source, done: event.rows, of: event.of }),
        ),
      data: event => this.data(event),
      'on-disk': event => this.onDisk(event),
      text: event => this.text(event),
      'text-measures': () => {},
      model: event => this.model(event),
      comparing: event => this.comparing(event),
      candidate: event => this.candidate(event),
      curve: event => output.live(`${say('curveLine', { rows: event.rows })} …`),
      board: () => {},
      fitting: event => this.fitting(event),
      'fit-progress': event => {
        const line = [
          `${say('fittingLine', { share: say.percent(event.fraction) })} ${bar(event.fraction)}`,
          ...this.pace({ rowsPerSecond: 0, ...event }),
        ].join('  ')
        if (output.isLive) output.live(line)
        else if (event.secondsLeft !== undefined && event.secondsLeft > 1) this.seldom(line)
      },
      rating: event => output.live(say('ratingLine', event)),
      'learning-rate': event => output.note(rateText(event, say)),
      restarted: event => output.note(say('restarting', { model: familyTitle(event.model, say) })),
      resumed: event => output.note(say('resuming', { epoch: event.epoch })),
      progress: event =>
        output.live(
          [
            `${say('epochLine', { epoch: event.epoch, epochs: event.epochs })} ${bar(event.batch / event.batches)}`,
            ...this.pace(event),
          ].join('  '),
        ),
      epoch: event => this.epoch(event),
      'stopped-early': event =>
        output.note(say('stoppedEarly', { patience: event.patience, best: event.best })),
      evaluating: () => output.live(`${say('evaluating')} …`),
      metrics: () => {},
      listening: event => output.live(say('computingFeatures', event)),
      recordings: event => this.recordings(event),
      transcripts: () => {},
      warning: event => output.note(`${style.warn(say('warning'))}${event.text}`),
      interrupted: () => {},
      failed: () => {},
      finished: () => {},
    }
  }

  hear(event: RunEvent): void {
    ;(this.lines[event.type] as Listener<RunEvent['type']>)(event as never)
  }

  private pace({ rowsPerSecond, secondsLeft }: Pace): string[] {
    const { say } = this
    const rate = formatNumber(Math.round(rowsPerSecond), say.language)
    return [
      ...(rowsPerSecond > 0 ? [say('ratePart', { rate })] : []),
      ...(secondsLeft === undefined
        ? []
        : [say('etaPart', { time: durationText(secondsLeft, say) })]),
    ]
  }

  private data(event: Extract<RunEvent, { type: 'data' }>): void {
    const { say, output } = this
    const { style } = output
    const { pictures } = event
    if (pictures !== undefined)
      output.note(
        say('picturesFound', {
          pictures: event.rows,
          size: `${pictures[1]} × ${pictures[0]} × ${pictures[2]}`,
          classes: event.classes?.length ?? 0,
        }),
      )
    else
      output.note(
        say('dataFound', {
          rows: event.rows,
          columns: event.columns,
          target: event.target,
          task: say(event.task),
          inputs: event.inputs,
        }),
      )
    if (event.classes !== undefined)
      output.note(say('classesFound', { list: shortList(event.classes) }))
    output.note(
      say('splitMade', {
        method: say(event.split.method as 'random'),
        train: event.split.train,
        validation: event.split.validation,
        test: event.split.test,
      }),
    )
    const shown = event.findings.slice(0, 12)
    for (const finding of shown)
      output.note(
        finding.severity === 'info'
          ? style.dim(`${say('note')}${say.finding(finding)}`)
          : `${style.warn(say('warning'))}${say.finding(finding)}`,
      )
    if (event.findings.length > shown.length)
      output.note(style.dim(say('moreFindings', { count: event.findings.length - shown.length })))
  }

  private recordings(event: Extract<RunEvent, { type: 'recordings' }>): void {
    const { say, output } = this
    const { source, recordings, seconds, sampleRate: rate, characters, split } = event
    const minutes = Number((seconds / 60).toFixed(1))
    output.note(say('recordingsFound', { source, recordings, minutes, rate, characters }))
    const method = say(split.method as 'random')
    output.note(say('splitMade', { ...split, method }))
    for (const note of findingNotes(event.findings, 'report.json', say, output.style))
      output.note(note)
  }

  private onDisk(event: Extract<RunEvent, { type: 'on-disk' }>): void {
    const { say, output } = this
    const { rows, sample } = event
    const text = say('onDisk', { bytes: formatBytes(event.bytes), limit: formatBytes(event.limit) })
    output.note(sample < rows ? text + say('onDiskSample', { sample, rows }) : text)
  }

  private text(event: Extract<RunEvent, { type: 'text' }>): void {
    const { say, output } = this
    const { train, validation, test } = event.characters
    output.note(
      say('textFound', {
        characters: train + validation + test,
        encoding: event.encoding,
        tokenizer: event.tokenizer,
        vocabulary: event.vocabulary,
        tokens: event.tokens.train,
      }),
    )
    output.note(say('textSplit', { train, validation, test }))
  }

  private model(event: Extract<RunEvent, { type: 'model' }>): void {
    const { say, output } = this
    output.note(
      say('modelBuilt', {
        model: familyTitle(event.model, say),
        shape: event.shape,
        parameters: event.parameters,
        batch: event.batchSize,
        executor: event.executor,
      }),
    )
    this.passedOver(event)
  }

  /** On the live line; without a terminal a line each five seconds at most. */
  private comparing(event: Extract<RunEvent, { type: 'comparing' }>): void {
    const { say, output } = this
    const { fold, folds } = event
    const line = [
      say('comparingLine', { model: familyTitle(event.model, say), fold, folds }),
      say('atMostLeft', { time: durationText(Math.ceil(event.secondsLeft), say) }),
    ].join('  ')
    if (output.isLive) output.live(line)
    else this.seldom(line)
  }

  private seldom(line: string): void {
    const now = performance.now()
    if (now - this.lastPlain < 5000) return
    this.lastPlain = now
    this.output.note(line)
  }

  /** A line for each family; its variants only pass by on the live line. */
  private candidate({ metric, entry }: Extract<RunEvent, { type: 'candidate' }>): void {
    const { say, output, families } = this
    const isVariant = families.has(entry.family)
    families.add(entry.family)
    if (isVariant) return
    const model = familyTitle(entry.family, say)
    const note = noteText(entry, entry, say)
    if (entry.score === null) output.note(say('candidateLeftOut', { model, note }))
    else
      output.note(
        output.style.dim(
          say('candidateLine', {
            model,
            metric: say(metric),
            score: scoreText(metric, entry, say),
            time: timeText(entry.fitSeconds, say),
          }),
        ),
      )
  }

  private fitting(event: Extract<RunEvent, { type: 'fitting' }>): void {
    const { say, output } = this
    const { estimator, features, rows, executor } = event
    const model = familyTitle(event.model, say)
    const text = say('fitting', { model, estimator, features, rows, executor })
    output.note(rows < event.of ? text + say('fittingSample', { of: event.of }) : text)
    this.passedOver(event)
  }

  private passedOver(event: Pick<Extract<RunEvent, { type: 'model' }>, 'passedOver'>): void {
    const { say, output } = this
    const native = event.passedOver.find(({ name }) => name === 'native')
    if (native !== undefined)
      output.note(output.style.dim(say('wasmUsed', { reason: native.reason })))
  }

  private epoch(event: Extract<RunEvent, { type: 'epoch' }>): void {
    const { say, output } = this
    const line = [
      say('epochLine', { epoch: event.epoch, epochs: event.epochs }),
      say('lossPart', { loss: event.loss.toFixed(4) }),
      ...(event.validationLoss === undefined
        ? []
        : [
            say('validationPart', { loss: event.validationLoss.toFixed(4) }) +
              (event.best ? ' *' : '  '),
          ]),
      ...this.pace(event),
    ].join('  ')
    if (output.isLive) {
      output.live(line)
      return
    }
    // Without a terminal: the first epoch, about every tenth, and at least one each five seconds.
    const now = performance.now()
    const each = Math.max(1, Math.ceil(event.epochs / 10))
    if (event.epoch !== 1 && event.epoch % each !== 0 && now - this.lastPlain < 5000) return
    this.lastPlain = now
    output.note(line)
  }
}

function bar(share: number): string {
  const width = 12
  const done = Math.max(0, Math.min(width, Math.round(share * width)))
  return `[${'='.repeat(done)}${' '.repeat(width - done)}]`
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ')
  return names.length > 12 ? `${shown}, … (${names.length})` : shown
}

/** What is being read, and how far it has come. */
export function readingLine(say: Say, source: string, rows?: number): string {
  return rows === undefined ? say('reading', { source }) : say('readingRows', { source, rows })
}
