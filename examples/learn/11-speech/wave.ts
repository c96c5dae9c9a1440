// A recorded word: its wave, and which frequencies are in it at which time.

import * as Plot from '@observablehq/plot'
import { sound } from 'athanor'
import { picture } from '../picture.js'
import { bandsOf, magnified, recordings, spectrogram, wave } from '../speech.js'

const all = await recordings()
const [word] = all.filter(r => r.voice === 'allison' && r.transcript === 'six')
const { samples, sampleRate } = word
const features = new sound.SoundFeatures({ sampleRate, window: 0.025, hop: 0.01, mels: 40 })
const { windowSize, hopSize, options } = features
const [heard] = await features.of([word])
console.log(`samples: ${samples.length}, ${sampleRate} in a second`)
console.log(`frames: ${heard.frames}, each of ${windowSize} samples, one every ${hopSize}`)

const mel = (hertz: number) => sound.melsOf(hertz, 'htk')
for (const from of [500, 3000])
  console.log(`from ${from} to ${from + 500} Hz: ${(mel(from + 500) - mel(from)).toFixed(0)} mel`)

/** By hand: how much of each frequency is in a frame, what of it counts for a band, its logarithm. */
function loudness(frame: number, band: number): number {
  const frequencies = options.fft / 2 + 1
  const weights = sound.melFilters(options).slice(frequencies * band, frequencies * (band + 1))
  const energies = weights.map((weight, k) => {
    let [along, across] = [0, 0]
    for (let n = 0; n < windowSize; n++) {
      const fading = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / windowSize)
      const sample = fading * samples[frame * hopSize + n]
      along += sample * Math.cos((2 * Math.PI * k * n) / options.fft)
      across += sample * Math.sin((2 * Math.PI * k * n) / options.fft)
    }
    return weight * (along ** 2 + across ** 2)
  })
  return Math.log(energies.reduce((sum, energy) => sum + energy))
}

const { middles, placeOf } = bandsOf(features)
const boxes = Object.entries({ hiss: 3, vowel: 20 }).map(([name, frame], i) => {
  const column = heard.values.subarray(40 * frame, 40 * (frame + 1))
  const band = column.indexOf(Math.max(...column))
  console.log(`${name}, frame ${frame}: loudest near ${middles[band].toFixed(0)} Hz`)
  const byHand = loudness(frame, band).toFixed(2)
  console.log(`there by hand ${byHand}, by SoundFeatures ${column[band].toFixed(2)}`)
  const stretch = { name: `${name}, 25 ms`, from: frame * hopSize, count: windowSize, colour: i }
  const place = { start: 0.28 * i, width: 0.25, bottom: 69, top: 90, area: 64 }
  return magnified(word, stretch, place)
})
const hertz = [250, 500, 1000, 2000, 3000]
picture('11-wave', {
  ...{ height: 480, marginTop: 36, x: { label: 'time, s' }, y: { axis: null } },
  marks: [
    spectrogram(heard, { start: 0.0075, hop: 0.01, bottom: 0, top: 40 }),
    wave(samples, { start: 0, width: samples.length / sampleRate, bottom: 45, top: 64 }),
    Plot.axisY(hertz.map(placeOf), { tickFormat: (_, i) => `${hertz[i]}`, label: null }),
    Plot.text(['Hz'], { x: [0], y: [43], dx: -28 }),
    boxes,
  ],
})
