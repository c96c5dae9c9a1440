// loadModel: a run's folder or a model file, in Node and in a browser.

import { platformName, readFile } from '#platform'
import { SpeechModel } from '../applications/speech/speech-model.js'
import { AthanorError } from '../base/errors.js'
import { decodeContainer } from '../modelfile/index.js'
import type { Model } from '../train/model.js'
import { modelFromContainer } from '../train/model-file.js'
import { PictureModel } from './pictures/picture-model.js'
import { TableModel } from './table-model.js'
import { TextGenerator } from './text/text-generator.js'

/**
 * A model read from a file: `predict` takes raw rows where it was trained on a table, pictures where it was
 * trained on these, and tensors or arrays where it was built from layers; a language model has `generate`,
 * `generateAll` and `measure`, a speech model `transcribe`.
 */
export type LoadedModel = TableModel &
  PictureModel &
  Model &
  Pick<SpeechModel, 'transcribe'> &
  Pick<TextGenerator, 'generate' | 'generateAll' | 'measure' | 'tokenizer'>

/**
 * Loads what `train`, the command line or `model.save` wrote: a run's folder, a `.athanor` file, in a
 * browser a URL, or the bytes themselves. Reading a model executes nothing that is in it.
 *
 * @throws AthanorError FILE when it cannot be read; FORMAT when it is truncated, altered, from a newer
 * version, or no model at all.
 * @example
 * ```ts
 * const model = await loadModel('runs/churn-1')
 * await model.predict([{ plan: 'pro', age: 31 }]) // [{ prediction: 'no', probabilities: { … } }]
 * ```
 */
export async function loadModel(
  source: string | URL | Uint8Array | ArrayBuffer,
): Promise<LoadedModel> {
  const { bytes, name } = await read(source)
  const container = decodeContainer(bytes, name)
  if (container.kind === 'estimator')
    return (await TableModel.fromEstimator(container, name)) as LoadedModel
  const net = modelFromContainer(container, name)
  return (TableModel.fromNet(net, name) ??
    PictureModel.fromNet(net, name) ??
    TextGenerator.fromNet(net, name) ??
    SpeechModel.fromNet(net, name) ??
    net) as LoadedModel
}

async function read(
  source: string | URL | Uint8Array | ArrayBuffer,
): Promise<{ bytes: Uint8Array; name: string }> {
  if (source instanceof Uint8Array) return { bytes: source, name: 'model' }
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source), name: 'model' }
  if (!(source instanceof URL) && (typeof source !== 'string' || source === ''))
    throw new AthanorError('ARGUMENT', {
      operation: 'loadModel',
      expected: "a run's folder, a model file, a URL, or a model's bytes",
      received: source === '' ? 'an empty text' : String(source),
      fix: 'Pass what train() gave as run.path, or the file that model.save wrote',
    })
  const name = String(source)
  if (platformName === 'browser' || /^https?:/.test(name))
    return { bytes: await download(name), name }
  const path = name.startsWith('file:') ? decodeURIComponent(new URL(name).pathname) : name
  try {
    return { bytes: readFile(path), name: path }
  } catch (error) {
    // A run's folder: its model lies inside.
    const inside = `${path.replace(/[/\\]$/, '')}/model.athanor`
    if (/EISDIR/.test(String(error))) return { bytes: readFile(inside), name: inside }
    throw error
  }
}

async function download(url: string): Promise<Uint8Array> {
  const failed = (received: string, cause?: unknown) =>
    new AthanorError('FILE', { operation: `loading ${url}`, received, cause })
  const response = await fetch(url).catch(cause => {
    throw failed(String(cause), cause)
  })
  if (!response.ok) throw failed(`${response.status} ${response.statusText}`)
  return new Uint8Array(await response.arrayBuffer())
}
