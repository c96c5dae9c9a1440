// node benchmarks/accuracy/speech.mjs [--jobs digits,prompts] [--data .peers/speech] [--seeds 0,1,2] [--python python3]
// What speech runs reach, as `athanor train list.csv --audio file --transcript transcript` makes them, on recordings that
// were never trained on: digits said by people after synthetic voices alone, and prompts after other prompts. With
// --python also the same net in PyTorch on the same features, for the runs that are in --out. `data` has the folders digits
// and prompts that scripts/speech-data.mjs makes. Writes speech.json and SPEECH.md; seeds trained before with the same
// settings stay. Needs the built package.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readWav } from '../../dist/node/data.js'
import { loadModel, speech, train } from '../../dist/node/index.js'
import { bySeed, meanAndSpread, percent, row, SeedResults, seedsOf, tellEpochs } from './seeds.mjs'
import { heardByTwin } from './speech-twin.mjs'

const { characterErrorRate, editsOf, wordErrorRate } = speech
const here = path.dirname(fileURLToPath(import.meta.url))

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: 'digits,prompts' },
    data: { type: 'string', default: '.peers/speech' },
    out: { type: 'string', default: '.peers/speech/runs' },
    seeds: { type: 'string', default: '0,1,2' },
    python: { type: 'string' },
  },
})

const jobs = {
  digits: {
    title: 'Digits said by two people, learned from synthetic voices alone',
    asked: 0.9,
    lists: { train: 'digits.csv', test: 'recorded.csv' },
    // Whole voices are held out, so that the epoch is chosen by voices too.
    options: { group: 'voice', epochs: 25, hidden: [128, 128] },
    measure: digitsHeard,
  },
  prompts: {
    title: 'A hundred prompts, learned from others of the same speaker',
    asked: 0.3,
    lists: { train: 'prompts.csv', validation: 'watch.csv', test: 'unheard.csv' },
    options: {},
    measure: promptsHeard,
  },
}

const results = new SeedResults(path.join(here, 'speech.json'), write)
for (const name of values.jobs.split(',')) {
  const { measure, lists, ...job } = jobs[name] ?? {}
  if (measure === undefined)
    throw new Error(`no job '${name}'; there are ${Object.keys(jobs).join(', ')}`)
  const files = Object.fromEntries(
    Object.entries(lists).map(([part, file]) => [part, path.join(values.data, name, file)]),
  )
  const { train: list, ...apart } = files
  const folderOf = seed => path.join(values.out, `${name}-${seed}`)
  const heard = recordingsIn(files.test)
  await results.run(name, job, seedsOf(values.seeds), async seed => {
    rmSync(folderOf(seed), { recursive: true, force: true })
    const run = await train(list, {
      ...job.options,
      ...apart,
      ...{ audio: 'file', transcript: 'transcript', lang: 'en', seed },
      ...{ out: values.out, name: `${name}-${seed}` },
      onProgress: tellEpochs(seed),
    })
    const measured = await measure(await loadModel(run.path), heard)
    return { ...measured, seconds: Math.round(run.seconds) }
  })
  if (values.python === undefined || name !== 'prompts') continue
  // As the run numbers them: the list, then those of the parts.
  const all = Object.values(files).flatMap(recordingsIn)
  for (const run of results.all.jobs[name].runs) {
    const folder = folderOf(run.seed)
    if (run.twin !== undefined || !existsSync(folder)) continue
    const model = await loadModel(folder)
    const sounds = heard.map(({ sound }) => sound)
    const { searched, greedy } = await heardByTwin(values.python, folder, model, all, sounds)
    run.twin = { ...rates(heard, searched), greedy: rates(heard, greedy).characters }
    results.save()
  }
}

results.save()

function recordingsIn(list) {
  const [, ...lines] = readFileSync(list, 'utf8').trim().split('\n')
  return lines.map(line => {
    const [file, said, group] = line.split(',')
    return { said, group, sound: readWav(readFileSync(path.join(path.dirname(list), file)), file) }
  })
}

async function digitsHeard(model, recordings) {
  const words = [...new Set(recordings.map(({ said }) => said))]
  const edits = (word, text) => {
    const { substitutions, insertions, deletions } = editsOf([...word], [...text])
    return substitutions + insertions + deletions
  }
  /** The digit whose name is nearest to a text. */
  const nearest = text =>
    words.reduce((best, word) => (edits(word, text) < edits(best, text) ? word : best))
  const texts = await model.transcribe(recordings.map(({ sound }) => sound))
  const share = isRight => recordings.filter(isRight).length / recordings.length
  return {
    recognised: share(({ said }, i) => nearest(texts[i]) === said),
    exact: share(({ said }, i) => texts[i] === said),
    transcripts: recordings.map(({ said, group }, i) => [group, said, texts[i]]),
  }
}

async function promptsHeard(model, recordings) {
  const sounds = recordings.map(({ sound }) => sound)
  const texts = await model.transcribe(sounds)
  const greedy = await model.transcribe(sounds, { beams: 1 })
  return {
    ...rates(recordings, texts),
    greedy: rates(recordings, greedy).characters,
    transcripts: texts.slice(0, 10).map((text, i) => [recordings[i].said, text]),
  }
}

function rates(recordings, texts) {
  const said = recordings.map(recording => recording.said)
  return {
    characters: characterErrorRate(said, texts).rate,
    words: wordErrorRate(said, texts).rate,
  }
}

function write({ jobs, machine: { cpu, cores } }) {
  const lines = [
    '# Speech, heard from recordings that were never trained on',
    '',
    'Made by `node benchmarks/accuracy/speech.mjs` from what `scripts/speech-data.mjs` leaves.',
    `${cpu ?? ''}${cores ? `, ${cores} cores` : ''}; minutes with whatever else ran beside.`,
    '',
    ...(jobs.digits === undefined ? [] : digitsPage(jobs.digits)),
    ...(jobs.prompts === undefined ? [] : promptsPage(jobs.prompts)),
  ]
  writeFileSync(path.join(here, 'SPEECH.md'), `${lines.join('\n')}`)
}

function minutesOf(runs) {
  return meanAndSpread(runs.map(({ seconds }) => seconds / 60)).mean.toFixed(1)
}

function digitsPage({ title, asked, runs }) {
  const recognised = runs.map(run => run.recognised)
  const wrong = runs.flatMap(({ seed, transcripts }) =>
    transcripts
      .filter(([, said, text]) => said !== text)
      .map(([person, said, text]) => `seed ${seed}, ${person}: ${said} → ${text || '(nothing)'}`),
  )
  return [
    `## ${title}`,
    '',
    `${runs[0].transcripts.length} recordings. The digit heard is the one whose name is nearest to the transcript.`,
    'They are not quite untouched: what the synthetic voices went through (echoes, sizes, noise from hiss to rumble, cut beginnings)',
    'was widened after first runs had heard 75 to 80 % of them, and voices of espeak-ng were doubled after runs with 88 %.',
    '',
    row([
      'asked',
      'digits right, mean ± deviation',
      'by seed',
      'transcripts without an error',
      'minutes a run',
      '',
    ]),
    '|---|---|---|---|---|---|',
    row([
      `≥ ${100 * asked} %`,
      percent(recognised, 1),
      bySeed(recognised, 1),
      percent(
        runs.map(({ exact }) => exact),
        1,
      ),
      minutesOf(runs),
      meanAndSpread(recognised).mean >= asked ? 'met' : 'missed',
    ]),
    '',
    `Transcripts with errors: ${wrong.length === 0 ? 'none' : wrong.join('; ')}.`,
    '',
  ]
}

function promptsPage({ title, asked, runs }) {
  const twins = runs.flatMap(({ twin }) => (twin === undefined ? [] : [twin]))
  const line = (net, rates, wanted, isMet) =>
    row([
      ...[
        net,
        wanted,
        percent(
          rates.map(({ characters }) => characters),
          1,
        ),
      ],
      bySeed(
        rates.map(({ characters }) => characters),
        1,
      ),
      percent(
        rates.map(({ greedy }) => greedy),
        1,
      ),
      percent(
        rates.map(({ words }) => words),
        1,
      ),
      isMet,
    ])
  const errors = meanAndSpread(runs.map(({ characters }) => characters)).mean
  const others = meanAndSpread(twins.map(({ characters }) => characters)).mean
  return [
    `## ${title}`,
    '',
    'Ten minutes of recorded prompts of one speaker train, with phrases of other texts by a synthetic voice beside; a hundred',
    'other recorded prompts are heard. The language model of the search is of the training transcripts; its weight is chosen',
    'on validation recordings.',
    ...(twins.length === 0
      ? []
      : [
          'PyTorch’s net has the same weights at the start, the same features and one bias a gate; what it gives is decoded alike.',
        ]),
    '',
    row([
      'net',
      'asked',
      'character errors, mean ± deviation',
      'by seed',
      'without search',
      'word errors',
      '',
    ]),
    '|---|---|---|---|---|---|---|',
    line('Athanor', runs, `≤ ${100 * asked} %`, errors <= asked ? 'met' : 'missed'),
    ...(twins.length === 0
      ? []
      : [line('PyTorch', twins, 'not better', errors <= others ? 'met' : 'missed')]),
    '',
    `${minutesOf(runs)} minutes a run. Ten transcripts of seed ${runs[0].seed}, said → heard:`,
    '',
    ...runs[0].transcripts.map(([said, text]) => `- ${said} → ${text}`),
    '',
  ]
}
