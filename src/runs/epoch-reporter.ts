// Tells the epochs of a run's net as they end, with the time that is left.

import { AthanorError } from '../base/errors.js'
import type { Callback } from '../train/callbacks.js'
import type { Model } from '../train/model.js'
import { keepPrevious } from './checkpoints.js'
import type { RunEventBody } from './events.js'

/** Tells each epoch, knows the best one, keeps the checkpoint before. */
export class EpochReporter implements Callback {
  readonly name = 'epochReporter'
  /** Epochs done. */
  epoch = 0
  /** 1-based. */
  best = 1
  private bestLoss = Number.POSITIVE_INFINITY
  private readonly began = performance.now()
  private doneHere = 0
  private firstDone = 0
  /** Steps of the first epoch here, from the end of the first, which compiles the program. */
  private readonly steps = { done: -1, began: 0, ended: 0 }

  constructor(
    private readonly epochs: number,
    private readonly rows: { readonly train: number; readonly validation: number },
    private readonly stepsPerEpoch: number,
    private readonly tell: (event: RunEventBody) => void,
    private readonly folder: string,
  ) {}

  continue(losses: readonly number[]): void {
    for (const [i, loss] of losses.entries()) this.note(i + 1, loss)
  }

  private note(epoch: number, loss: number): boolean {
    this.epoch = epoch
    if (!(loss < this.bestLoss)) return false
    this.bestLoss = loss
    this.best = epoch
    return true
  }

  onEpochBegin(): void {
    keepPrevious(this.folder)
  }

  onBatchEnd(): void {
    if (this.doneHere > 0) return
    const { steps } = this
    steps.ended = performance.now()
    if (++steps.done === 0) steps.began = steps.ended
  }

  /** Milliseconds that an epoch takes; undefined while nothing but compiling was seen. */
  private epochTime(now: number): number | undefined {
    const others = this.doneHere - 1
    if (others > 0) return (now - this.firstDone) / others
    const { done, began, ended } = this.steps
    if (done < 1) return undefined
    const training = ((ended - began) / done) * this.stepsPerEpoch
    // The first validation compiles too; a row of it costs less than one of training.
    const { train, validation } = this.rows
    return training + Math.min(now - ended, (training * validation) / train)
  }

  /** Errors: NOT_FINITE where no epoch had a validation loss that is finite. */
  onEpochEnd(epoch: number, logs: Readonly<Record<string, number>>, model: Model): void {
    this.doneHere++
    const loss = logs.valLoss ?? logs.loss
    // After an epoch that was finite its weights are there to go back to.
    if (!Number.isFinite(loss) && this.bestLoss === Infinity && this.rows.validation > 0)
      throw new AthanorError('NOT_FINITE', {
        operation: `validation, epoch ${epoch + 1}`,
        expected: 'a finite loss',
        received: String(loss),
      })
    const best = this.note(epoch + 1, loss)
    const now = performance.now()
    const each = this.epochTime(now)
    if (this.doneHere === 1) this.firstDone = now
    this.tell({
      type: 'epoch',
      epoch: epoch + 1,
      epochs: this.epochs,
      loss: logs.loss,
      validationLoss: logs.valLoss,
      learningRate: model.optimizer.learningRate,
      rowsPerSecond: (1000 * this.rows.train) / (each ?? now - this.began),
      ...(each === undefined ? {} : { secondsLeft: (each / 1000) * (this.epochs - epoch - 1) }),
      best,
    })
  }
}
