// Sound: what runs in Node and in a browser. Reading files is read-wav.node.ts.

export { type ResampleOptions, resample } from './resample.js'
export { type Sound, secondsOf } from './sound.js'
export {
  readWav,
  type WavEncoding,
  type WavOptions,
  type WavSound,
  writeWav,
} from './wav.js'
