// What fit prints: one line an epoch with metrics, time, time left.

import { nowMs } from '#platform'
import type { Logs } from './callbacks.js'

export class EpochPrinter {
  readonly name = 'epochPrinter'
  private began = nowMs()
  private first = -1

  constructor(private readonly epochs: number) {}

  onEpochBegin(epoch: number): void {
    if (this.first >= 0) return
    this.first = epoch
    this.began = nowMs()
  }

  onEpochEnd(epoch: number, logs: Logs): void {
    const seconds = (nowMs() - this.began) / 1000
    const left = (seconds / (epoch + 1 - this.first)) * (this.epochs - epoch - 1)
    const metrics = Object.entries(logs).map(
      ([name, value]) => `${name} ${Number(value.toPrecision(4))}`,
    )
    console.log(
      `Epoch ${epoch + 1}/${this.epochs}  ${metrics.join('  ')}  ${duration(seconds)}, ${duration(left)} left`,
    )
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
