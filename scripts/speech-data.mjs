// Makes speech to train on: recordings of the Asterisk project's prompts (one speaker, CC BY-SA 3.0; Debian's
// packages asterisk-core-sounds-en-wav and asterisk-core-sounds-en, unpacked), digits of a second speaker (GPL;
// Debian's package saytime, unpacked beside them) and words spoken by espeak-ng and flite, which have to be installed.
//
//   node scripts/speech-data.mjs example <root of the unpacked packages>
//   node scripts/speech-data.mjs digits  <root> <out>    many synthetic voices; the digits of two people apart
//   node scripts/speech-data.mjs prompts <root> <out> <text>
//                                                     recorded prompts, phrases of a text spoken beside; a hundred apart
//
// Needs the built package (npm run build). What it makes depends on nothing but the versions of the voices.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { plainTranscript } from '../dist/applications/speech/index.js'
import { Random } from '../dist/base/philox.js'
import { fromMuLaw } from '../dist/data/sound/g711.js'
import { readWav, resample, writeWav } from '../dist/data/sound/index.js'
import { perturbSound } from '../dist/features/sound/index.js'

const repository = fileURLToPath(new URL('..', import.meta.url))
const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const rate = 8000
const scratch = join(tmpdir(), `speech-${process.pid}.wav`)

/** Without the silence around it, 40 ms of it left on each side. */
function trimmed({ samples, sampleRate }) {
  const most = samples.reduce((a, x) => Math.max(a, Math.abs(x)), 0)
  const isLoud = x => Math.abs(x) > most * 0.03
  const margin = Math.round(0.04 * sampleRate)
  const first = Math.max(0, samples.findIndex(isLoud) - margin)
  const last = Math.min(samples.length, samples.findLastIndex(isLoud) + margin)
  return { samples: samples.subarray(first, last), sampleRate }
}

function spoken(command, args) {
  execFileSync(command, args)
  const sound = resample(trimmed(readWav(readFileSync(scratch))), rate)
  rmSync(scratch)
  return sound
}

const espeak = (text, { voice, speed = 160, pitch = 50 }) =>
  spoken('espeak-ng', ['-v', voice, '-s', `${speed}`, '-p', `${pitch}`, '-w', scratch, text])

const flite = (text, { voice, stretch = 1, pitch = 100 }) =>
  spoken('flite', [
    ...['-voice', voice, '--setf', `duration_stretch=${stretch}`],
    ...['--setf', `int_f0_target_mean=${pitch}`, '-t', text, '-o', scratch],
  ])

function keep(folder, file, sound) {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, writeWav(sound))
  return file
}

const cell = text => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function list(path, header, rows) {
  writeFileSync(path, [header, ...rows].map(row => `${row.map(cell).join(',')}\n`).join(''))
  console.log(`${path}: ${rows.length} recordings`)
}

function asterisk(root) {
  const sounds = join(root, 'usr/share/asterisk/sounds/en_US_f_Allison')
  const texts = join(root, 'usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz')
  const transcripts = new Map()
  for (const line of gunzipSync(readFileSync(texts)).toString('utf8').split('\n')) {
    const [, name, text] = /^([^;:]+):\s*(.*)$/.exec(line) ?? []
    if (name !== undefined) transcripts.set(name.trim(), text.trim())
  }
  const fileOf = name => join(sounds, `${name}.wav`)
  // The list names a few recordings that the package does not have.
  for (const name of transcripts.keys()) if (!existsSync(fileOf(name))) transcripts.delete(name)
  const read = name => readWav(readFileSync(fileOf(name)), name)
  return { transcripts, read }
}

/** A digit of saytime: µ-law at 8 kHz, without a header. */
const saytime = (root, digit) => ({
  samples: Float32Array.from(
    readFileSync(join(root, 'usr/share/saytime', `${digit}.au`)),
    fromMuLaw,
  ),
  sampleRate: 8000,
})

const tens = [
  '',
  'ten',
  'twenty',
  'thirty',
  'forty',
  'fifty',
  'sixty',
  'seventy',
  'eighty',
  'ninety',
]
const teens = ['ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen']
const inWords = n =>
  n < 10
    ? digits[n]
    : n < 17
      ? teens[n - 10]
      : n < 20
        ? `${digits[n - 10]}teen`.replace('tt', 't')
        : tens[n / 10]

/** Transcript as it is said; undefined for tones, and for what is not in the list of plain words. */
function said(text) {
  if (/[[\]<>]/.test(text)) return undefined
  const words = text.replace(
    /\d+/g,
    n => ` ${n.length > 2 ? [...n].map(d => digits[d]).join(' ') : inWords(Number(n))} `,
  )
  const plain = plainTranscript(words)
  return plain === '' || /[^a-z' ]/.test(plain) ? undefined : plain
}

function example(root) {
  const folder = join(repository, 'examples/data/spoken-digits')
  const { read } = asterisk(root)
  const voices = [
    ...[
      'en-us',
      'en-gb',
      'en-gb-scotland',
      'en-us+f2',
      'en-us+f4',
      'en-gb+m3',
      'en-gb+m7',
      'en-029',
    ],
    ...[
      'en-us+steph',
      'en-gb+linda',
      'en-us+max',
      'en-gb-x-rp+f3',
      'en-us+michael',
      'en-gb+belinda',
    ],
  ]
  const rows = []
  const add = (voice, sounds) =>
    sounds.forEach((sound, d) => {
      const file = `${voice.replace(/\W+/g, '-')}/${digits[d]}.wav`
      rows.push([keep(folder, file, sound), digits[d], voice])
    })
  add(
    'allison',
    digits.map((_, d) => resample(trimmed(read(`digits/${d}`)), rate)),
  )
  voices.forEach((voice, i) => {
    add(
      voice,
      digits.map(word =>
        espeak(word, { voice, speed: 150 + (i % 4) * 15, pitch: 40 + (i % 5) * 6 }),
      ),
    )
  })
  for (const [voice, pitch] of [
    ['slt', 170],
    ['rms', 95],
    ['awb', 110],
    ['kal', 105],
  ])
    add(
      `flite-${voice}`,
      digits.map(word => flite(word, { voice, pitch, stretch: 0.95 })),
    )
  list(join(folder, 'digits.csv'), ['file', 'transcript', 'voice'], rows)
}

/** As another room, microphone and line would hand it on: cut close, echoes, a narrower band, noise from hiss to rumble. */
function heardElsewhere({ samples, sampleRate }, row) {
  const random = new Random(1, row)
  const between = (low, high) => low + (high - low) * random.uniform()
  const said = samples.subarray(Math.round(between(0, 0.06) * sampleRate))
  const out = said.slice()
  for (let echo = 0; echo < 3; echo++) {
    const [delay, gain] = [Math.round(between(0.003, 0.05) * sampleRate), between(-0.2, 0.2)]
    for (let t = delay; t < out.length; t++) out[t] += gain * said[t - delay]
  }
  // One pole each: what is slower than the first falls away, what is faster than the second too.
  const pole = hertz => Math.exp((-2 * Math.PI * hertz) / sampleRate)
  const hertz = (low, high) => low * (high / low) ** random.uniform()
  const [low, high] = [pole(hertz(10, 300)), pole(between(2000, 3900))]
  let [slow, smooth] = [0, 0]
  for (let t = 0; t < out.length; t++) {
    slow = low * slow + (1 - low) * out[t]
    smooth = high * smooth + (1 - high) * (out[t] - slow)
    out[t] = smooth
  }
  // From a quiet room to a loud one, as levels are heard: in decibels.
  const level =
    10 ** between(-3.5, -0.7) * Math.sqrt(out.reduce((a, x) => a + x * x, 0) / out.length)
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
  const dull = pole(hertz(30, 4000))
  let noise = 0
  for (let t = 0; t < out.length; t++) {
    noise = dull * noise + Math.sqrt(1 - dull * dull) * normal()
    out[t] += level * noise
  }
  const draw = { seed: 1, row, epoch: 0 }
  return perturbSound({ samples: out, sampleRate }, draw, {
    speed: 0,
    gain: 9,
    colour: 0.7,
    noise: 0,
  })
}

/** As a mouth and throat by `factor` shorter would say it: pitch, formants and pace higher by as much. */
const ofAnotherSize = ({ samples, sampleRate }, factor) =>
  resample({ samples, sampleRate: Math.round(sampleRate * factor) }, sampleRate)

/** Synthetic voices of many kinds and sizes, each in three rooms; the recorded digits are in a list of their own. */
function manyDigits(root, out) {
  const { read } = asterisk(root)
  const kinds =
    'm1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt3 klatt4 klatt5 klatt6 steph steph2 steph3 linda belinda Alicia Andrea Annie aunty max michael john paul rob robert adam Alex Andy david ed edward Hugo lee Mike victor zac iven boris caleb quincy'.split(
      ' ',
    )
  const accents = ['en-us', 'en-gb', 'en-gb-x-rp', 'en-us-nyc', 'en-gb-scotland', 'en-029']
  const rows = []
  const add = (voice, size, words) =>
    words.forEach((sound, d) => {
      for (let room = 0; room < 3; room++) {
        const heard = heardElsewhere(ofAnotherSize(sound, size), rows.length)
        rows.push([keep(out, `${voice}/${digits[d]}-${room}.wav`, heard), digits[d], voice])
      }
    })
  kinds.forEach((kind, i) => {
    for (const [k, accent] of [0, 2, 4, 1].entries()) {
      const voice = `${accents[(i + accent) % accents.length]}+${kind}`
      const given = {
        voice,
        speed: 115 + ((i * 37 + k * 29) % 90),
        pitch: 30 + ((i * 13 + k * 17) % 55),
      }
      add(
        `espeak-${voice.replace(/\W+/g, '-')}-${k}`,
        0.85 + ((i * 7 + k * 11) % 16) * 0.02,
        digits.map(word => espeak(word, given)),
      )
    }
  })
  const ranges = {
    slt: [150, 230],
    rms: [80, 130],
    awb: [90, 150],
    kal: [80, 140],
    kal16: [80, 140],
  }
  for (const [voice, [low, high]] of Object.entries(ranges))
    for (let k = 0; k < 40; k++) {
      const size = 0.82 + ((k * 7) % 40) * 0.01
      const given = {
        voice,
        pitch: (low + ((high - low) * ((k * 13) % 40)) / 39) / size,
        stretch: size * (0.75 + ((k * 11) % 20) * 0.04),
      }
      const ending = ['', '.', '?', ','][k % 4]
      add(
        `flite-${voice}-${k}`,
        size,
        digits.map(word => flite(`${word}${ending}`, given)),
      )
    }
  list(join(out, 'digits.csv'), ['file', 'transcript', 'voice'], rows)
  const people = { allison: d => read(`digits/${d}`), dawson: d => saytime(root, d) }
  const recorded = Object.entries(people).flatMap(([person, sound]) =>
    digits.map((word, d) => [
      keep(out, `${person}/${word}.wav`, resample(trimmed(sound(d)), rate)),
      word,
      person,
    ]),
  )
  list(join(out, 'recorded.csv'), ['file', 'transcript', 'voice'], recorded)
}

/**
 * Phrases of one to six words from a text, each with a word that is frequent there and in no phrase before it; none that
 * is to be heard only.
 */
function phrasesOf(text, count, apart) {
  const plain = text.toLowerCase().replaceAll('’', "'")
  const clauses = plain.split(/[^a-z' ]+|\s{2,}/).map(clause => clause.trim())
  const counts = new Map()
  for (const clause of clauses)
    for (const word of clause.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1)
  const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  const wanted = new Set(
    ranked
      .map(([word]) => word)
      .filter(word => /^[a-z]{2,}$/.test(word))
      .slice(0, 3000),
  )
  const phrases = []
  for (const clause of clauses) {
    const words = clause.split(' ')
    if (words.length > 6 || apart.has(clause) || !/^[a-z' ]+$/.test(clause)) continue
    const fresh = words.filter(word => wanted.delete(word))
    if (fresh.length > 0) phrases.push(clause)
    if (phrases.length === count) break
  }
  return phrases
}

/**
 * Recorded prompts of up to twelve seconds. Every fourth one or so, a hundred in all, is never trained on; of the others
 * every tenth only watches. Beside the rest a synthetic voice, near the recorded one in pitch and pace, speaks as many
 * phrases of a text again and half as many.
 */
function prompts(root, out, text) {
  const { transcripts, read } = asterisk(root)
  const usable = [...transcripts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, text]) => {
      const words = said(text)
      if (words === undefined || /^(letters|silence|phonetic)\//.test(name)) return []
      const sound = trimmed(read(name))
      const seconds = sound.samples.length / sound.sampleRate
      return seconds < 0.3 || seconds > 12 ? [] : [{ name, words, sound: resample(sound, rate) }]
    })
  const seen = new Set()
  const different = usable.filter(({ words }) => !seen.has(words) && seen.add(words))
  const step = different.length / 100
  const places = new Set(Array.from({ length: 100 }, (_, i) => Math.floor((i + 0.5) * step)))
  const apart = different.filter((_, i) => places.has(i))
  const heard = different.filter((_, i) => !places.has(i))
  const row = ({ name, words, sound }) => [keep(out, `${name}.wav`, sound), words]
  const phrases = phrasesOf(
    readFileSync(text, 'utf8'),
    Math.round(1.5 * heard.length),
    new Set(apart.map(({ words }) => words)),
  )
  const spokenToo = phrases.map((words, i) => {
    const voice = { voice: 'slt', pitch: 160 + (i % 6) * 12, stretch: 1.05 + (i % 4) * 0.1 }
    return [keep(out, `phrases/${i}.wav`, flite(words, voice)), words]
  })
  const header = ['file', 'transcript']
  const watches = (_, i) => i % 10 === 5
  const trains = (prompt, i) => !watches(prompt, i)
  list(join(out, 'prompts.csv'), header, [...heard.filter(trains).map(row), ...spokenToo])
  list(join(out, 'watch.csv'), header, heard.filter(watches).map(row))
  list(join(out, 'unheard.csv'), header, apart.map(row))
}

const [kind, root, out, text] = process.argv.slice(2)
if (kind === 'example') example(root)
else if (kind === 'digits') manyDigits(root, out)
else if (kind === 'prompts') prompts(root, out, text)
else throw new Error('example, digits or prompts')
