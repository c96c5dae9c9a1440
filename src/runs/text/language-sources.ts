// The batches that a language model learns from: streams of text for nets that carry a state, windows for others.

import { ShuffledWindows, StreamWindows } from '../../data/text/index.js'
import type { BatchSource } from '../../train/batches.js'
import type { FilledLanguageSettings } from './language-options.js'

interface Sources {
  readonly source: BatchSource
  readonly validation: BatchSource
}

/** Ids of the parts that training sees. */
interface Ids {
  readonly train: Int32Array
  readonly validation: Int32Array
}

export function languageSources(ids: Ids, settings: FilledLanguageSettings): Sources {
  const { context: length, batchSize, model } = settings
  if (model === 'transformer')
    return {
      source: new ShuffledWindows(ids.train, { length, shift: true }),
      validation: new ShuffledWindows(ids.validation, { length }),
    }
  return {
    source: new StreamWindows(ids.train, { length, batchSize }),
    validation: streams(ids.validation, length, batchSize),
  }
}

/** As many streams as there is text for, whatever the batches of training. */
function streams(ids: Int32Array, length: number, most: number): BatchSource {
  const batchSize = Math.min(most, Math.floor((ids.length - 1) / length))
  const source = new StreamWindows(ids, { length, batchSize })
  const { rows, x, y } = source
  return { rows, x, y, batches: order => source.batches({ ...order, batchSize }) }
}
